// Tells the hasher about imported hashes that still wait for their first login: reads one, and says which kind is most frequent. While any
// waits, a failed login costs one compare of that kind beside one of ours. So its time does not tell whose account was imported (A54, ADR
// 47). The kind is read once a minute, whoever logs in; that reads no particular account.
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import type { ForeignHash } from '../../platform/crypto/foreign/foreign-hash.types';
import { textOf } from '../../platform/crypto/foreign/foreign-hash';
import { SealedHashes } from '../../platform/crypto/foreign/sealed-hashes';
import { ImportedHashes } from '../../platform/crypto/imported-hashes';
import { explain } from '../../platform/process/explain';

const LIFE_MILLISECONDS = 60_000;
const SAMPLE = 100;

const sample = statement(
  'imported_password_sample',
  `SELECT password_hash AS stored FROM users WHERE password_hash LIKE 'f1$%' ORDER BY id LIMIT ${SAMPLE}`,
);

@Injectable()
export class ImportedPasswords extends ImportedHashes {
  private readonly logger = new Logger('imported-passwords');
  private known: Promise<ForeignHash | undefined> = Promise.resolve(undefined);
  private askAgainAt = 0;

  constructor(
    private readonly database: Database,
    private readonly hashes: SealedHashes,
    private readonly clock: Clock,
  ) {
    super();
  }

  override open(stored: string): ForeignHash | undefined {
    return this.hashes.open(stored);
  }

  override typical(): Promise<ForeignHash | undefined> {
    const now = this.clock.now().getTime();
    if (now >= this.askAgainAt) {
      this.askAgainAt = now + LIFE_MILLISECONDS;
      const before = this.known;
      this.known = this.ask().catch((error: unknown) => {
        this.logger.warn(`what waits is unknown: ${explain(error, [])}`);
        return before;
      });
    }
    return this.known;
  }

  private async ask(): Promise<ForeignHash | undefined> {
    const rows = await this.database.run<{ stored: string }>(sample, []);
    const kinds = new Map<string, { hash: ForeignHash; count: number }>();
    for (const { stored } of rows) {
      const hash = this.hashes.open(stored);
      if (hash === undefined) continue;
      const kind = kindOf(hash);
      kinds.set(kind, { hash, count: (kinds.get(kind)?.count ?? 0) + 1 });
    }
    return [...kinds.values()].sort((a, b) => b.count - a.count)[0]?.hash;
  }
}

/** Scheme and cost: the hash without salt and digest. */
function kindOf(hash: ForeignHash): string {
  return hash.scheme === 'bcrypt' ? `bcrypt ${hash.cost}` : textOf(hash).split('$').slice(0, -2).join('$');
}
