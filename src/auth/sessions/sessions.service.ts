// A person's sessions: lists them, and ends them in every way there is. After an end has committed, this instance forgets at once that the
// session lived; the others do within 5 s (A38, A39).
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { AccessTokenVerifier } from '../tokens/access-token-verifier.service';
import type { PresentedRefresh } from './refresh-carrier.service';
import { RefreshTokens } from './refresh-token.algorithm';
import { SessionLivenessService } from './session-liveness.service';
import {
  endOwnSession,
  listSessions,
  logoutEverywhere,
  logoutOthers,
  logoutSessions,
  type SessionRow,
} from './sessions-end.sql';

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokenVerifier,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** Living sessions, last used first. */
  list({ userId }: Actor): Promise<SessionRow[]> {
    return this.database.run<SessionRow>(listSessions, [userId, this.clock.now()]);
  }

  /**
   * Ends the sessions of these tokens, even if the tokens have expired. Anything else is ignored, also a refresh token that came in the wrong way, so
   * that logging out twice is no error (RFC 7009 section 2.2). @throws AppError overloaded or not_ready when it could not be done
   */
  async logout(refresh: PresentedRefresh | undefined, accessToken: string | undefined): Promise<void> {
    const byRefresh = refresh === undefined ? undefined : this.refreshTokens.read(refresh.token)?.id;
    const byAccess = accessToken === undefined ? undefined : await this.accessTokens.sessionOf(accessToken);
    const sessionIds = [...new Set([byRefresh, byAccess].filter((id) => id !== undefined))];
    if (sessionIds.length === 0) return;
    const named = { sessionIds, byAccess: byAccess ?? null, carrier: refresh?.carrier ?? null };
    await this.database.run(...logoutSessions.with({ ...this.audited(), ...named }));
    sessionIds.forEach((id) => this.liveness.forget(id));
  }

  /** Ends every session of the person, with the calling one and those that are being made at this moment. */
  async logoutEverywhere({ userId, sessionId }: Actor): Promise<void> {
    await this.database.run(...logoutEverywhere.with({ ...this.audited(), userId, sessionId }));
    this.liveness.forgetUser(userId);
  }

  /**
   * Ends every session of the person except the calling one, also those that are being made at this moment.
   * @throws AppError token_invalid when the calling session has ended meanwhile; then nothing else was ended
   */
  async logoutOthers({ userId, sessionId }: Actor): Promise<void> {
    const bound = logoutOthers.with({ ...this.audited(), userId, sessionId });
    const looks = [await this.database.run(...bound)];
    if (looks[0]?.length === 0) looks.push(await this.database.run(...bound));
    this.liveness.forgetUser(userId);
    if (looks.every((rows) => rows.length === 0)) {
      throw new AppError(tokenErrors.token_invalid, { reason: 'the session was ended by another' });
    }
  }

  /** @throws AppError not_found: the same for an unknown session, an ended one, another person's, and a text that is no id */
  async end(id: string, { userId, sessionId }: Actor): Promise<void> {
    const target = isUuid(id) ? id : null;
    const ended = await this.database.run(...endOwnSession.with({ ...this.audited(), userId, sessionId, target }));
    if (ended.length === 0) throw new AppError(platformErrors.not_found, { reason: 'no living session of the caller' });
    this.liveness.forget(id.toLowerCase());
  }

  private audited() {
    const { requestId, address } = this.context;
    return { now: this.clock.now(), requestId, address };
  }
}
