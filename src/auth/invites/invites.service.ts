// Invitations. Operators make and revoke them by command line or admin API; a registration looks at them. Each change is one transaction with its
// audit row. The token is returned only once.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import type { Secret } from '../../config/secret';
import { Database } from '../../database/database.service';
import { namedStatement, statement } from '../../database/sql';
import { Transactions } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { codePoints } from '../../platform/text/code-points';
import { uuidForm } from '../../platform/text/patterns';
import { Identifiers } from '../identifiers/identifiers.service';
import { inviteTokens } from '../opaque-tokens.algorithm';
import { inviteErrors } from './invites.errors';
import { usable } from './invites.sql';
import type { InvitePage, InviteRecord, NewInvite } from './invites.types';

const DAY_MILLISECONDS = 86_400_000;
const USES_MAX = 10_000;
const DAYS_MAX = 365;
const NOTE_MAX = 200;

const columns = `id, note, phone, uses_max AS "usesMax", uses, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt"`;
const insert = statement(
  'invite_insert',
  `INSERT INTO invites (id, token_digest, note, phone, uses_max, created_by, created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
);
const page = statement(
  'invite_page',
  `SELECT ${columns} FROM invites WHERE $1::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM invites WHERE id = $1)
    ORDER BY created_at DESC, id DESC LIMIT $2`,
);
const revoke = statement(
  'invite_revoke',
  `WITH done AS (UPDATE invites SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id)
   SELECT EXISTS (SELECT FROM done) AS "isNew" FROM invites WHERE id = $1`,
);
const find = namedStatement<{ digest: Buffer; phone: string; now: Date }>(
  'invite_find',
  `SELECT i.id FROM invites i WHERE i.token_digest = :digest AND ${usable('i')} AND (i.phone IS NULL OR i.phone = :phone)`,
);

/** Every method: `by` is who asks, such as `cli:root` or `client:ops`. @throws AppError overloaded, not_ready; besides what it names */
@Injectable()
export class Invites {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly identifiers: Identifiers,
    private readonly context: RequestContext,
  ) {}

  /** @throws AppError validation_failed, phone_not_supported */
  async create(wanted: NewInvite, by: string): Promise<{ invite: InviteRecord; token: Secret }> {
    const { uses = 1, days = 7, note = null } = wanted;
    demandBounds(uses, days, note);
    const phone = wanted.phone === undefined ? null : this.identifiers.servedPhone(wanted.phone)?.e164;
    if (phone === undefined) throw invalid('/phone');
    const { token, digest } = inviteTokens.make(this.random);
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + days * DAY_MILLISECONDS);
    const values = [this.random.uuid(), digest, note, phone, uses, by, now, expiresAt];
    const invite = await this.transactions.run(async (tx) => {
      const [made] = await tx.run<InviteRecord>(insert, values);
      if (made === undefined) throw new Error('an insert returns its row');
      await this.audit.record(tx, { ...this.about(made.id, by), event: 'invite_created' });
      return made;
    });
    return { invite, token };
  }

  /** Newest first. @param cursor nextCursor of the page before; '' for the first page. @throws AppError validation_failed for any other text */
  async page(cursor: string, limit: number): Promise<InvitePage> {
    demand('/cursor', cursor === '' || uuidForm.test(cursor));
    const found = await this.database.run<InviteRecord>(page, [cursor === '' ? null : cursor, limit + 1]);
    const invites = found.slice(0, limit);
    return { invites, nextCursor: found.length > limit ? (invites.at(-1)?.id ?? null) : null };
  }

  /** For good. A registration that is under way with it is refused at its code. Revoking twice is no error. @throws AppError not_found */
  async revoke(id: string, by: string): Promise<void> {
    const known = uuidForm.test(id);
    const done =
      known &&
      (await this.transactions.run(async (tx) => {
        const [revoked] = await tx.run<{ isNew: boolean }>(revoke, [id, this.clock.now()]);
        if (revoked?.isNew === true) await this.audit.record(tx, { ...this.about(id, by), event: 'invite_revoked' });
        return revoked !== undefined;
      }));
    if (!done) throw new AppError(platformErrors.not_found, { reason: 'no such invitation' });
  }

  /** @param phone E.164. @returns the invitation's id. @throws AppError registration_closed when there is none, or it is not good for this number */
  async demandGood(token: string | undefined, phone: string): Promise<string> {
    const digest = inviteTokens.digest(token ?? '');
    const parameters = { phone, now: this.clock.now() };
    const [found] =
      digest === undefined ? [] : await this.database.run<{ id: string }>(...find.with({ digest, ...parameters }));
    if (found === undefined) throw new AppError(inviteErrors.registration_closed, { reason: 'no good invitation' });
    return found.id;
  }

  private about(ref: string, by: string) {
    const { requestId, address } = this.context;
    return { at: this.clock.now(), ref, meta: { by }, requestId, address };
  }
}

function invalid(pointer: string): AppError {
  return new AppError(platformErrors.validation_failed, { errors: [{ pointer, code: 'invalid' }] });
}

function demand(pointer: string, isGood: boolean): void {
  if (!isGood) throw invalid(pointer);
}

function demandBounds(uses: number, days: number, note: string | null): void {
  demand('/uses', isWithin(uses, USES_MAX));
  demand('/days', isWithin(days, DAYS_MAX));
  demand('/note', note === null || (codePoints(note) <= NOTE_MAX && note.isWellFormed() && !note.includes('\0')));
}

function isWithin(count: number, max: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= max;
}
