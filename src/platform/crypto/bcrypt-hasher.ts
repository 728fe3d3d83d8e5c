// Passwords at rest (design D11, security.md 5.1): v1$<kid>$<bcrypt of base64(HMAC-SHA-384(pepper[kid], NFKC(password)))>.
// The pre-hash is 64 ASCII bytes, so no password can reach bcrypt's limit of 72 bytes or contain the NUL that ends its input (A52).
// Hashes of other systems are verified as they are; the caller should then store one of ours (foreign/, ADR 47).
// Invariant: every refused password costs one compare of our kind and, while imported hashes wait, one of theirs. So the time tells neither
// whether there is an account nor which system made its hash (A54).
import { createHmac } from 'node:crypto';
import { compare, genSalt, hash } from 'bcrypt';
import { BoundedPool, PoolBounds, PoolStats } from './bounded-pool';
import { isPasswordOf } from './foreign/foreign-hash';
import type { ForeignHash } from './foreign/foreign-hash.types';
import type { ImportedHashes } from './imported-hashes';
import { Keyring } from './keyring';
import { PasswordHasher, PasswordVerdict } from './password-hasher';

const PEPPER = 'latchkey/pepper/v1';
const encodedShape = /^v1\$([a-z0-9]{1,16})\$(\$2b\$\d\d\$[./A-Za-z0-9]{53})$/;
/** A stored cost above this means damage or sabotage: cost 31 would keep a core busy for days. */
const MAX_COST = 16;
/** For random secrets, which need less than passwords do (security.md 1.2, LSV). */
const SALTED_COST = 10;

export interface BcryptOptions extends PoolBounds {
  /** bcrypt's cost: 2^cost rounds. */
  readonly cost: number;
}

interface Stored {
  readonly input: string;
  readonly bcrypt: string;
  readonly current: boolean;
}

export class BcryptHasher extends PasswordHasher {
  private readonly pool: BoundedPool;
  private readonly cost: number;
  private readonly dummy: string;

  constructor(
    private readonly keyring: Keyring,
    private readonly imported: ImportedHashes,
    options: BcryptOptions,
  ) {
    super();
    this.cost = options.cost;
    this.pool = new BoundedPool(options);
    // bcrypt does its whole work for any well-formed text. Nobody knows a password that gives this one.
    this.dummy = `$2b$${String(options.cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  }

  override hash(password: string, replaced?: string): Promise<string> {
    const [, , stored] = encodedShape.exec(replaced ?? '') ?? [];
    // Another instance may be configured with a higher cost. A hash that it has made is never replaced by a cheaper one (F38).
    const cost = Math.max(this.cost, stored === undefined ? 0 : Math.min(costOf(stored), MAX_COST));
    return this.encoded(password, (input) => this.pool.run(() => hash(input, cost)));
  }

  override hashOwed(password: string): Promise<string> {
    return this.encoded(password, (input) => this.pool.runOwed(() => hash(input, this.cost)));
  }

  override async verify(password: string, encoded: string | null): Promise<PasswordVerdict> {
    const typical = await this.imported.typical();
    const own = encoded === null ? undefined : this.read(password, encoded);
    const foreign = own === undefined && encoded !== null ? this.imported.open(encoded) : undefined;
    return this.pool.run(async () => {
      if (foreign !== undefined) return this.judgeForeign(password, foreign);
      const ok = own === undefined ? await this.wasteOne(password) : await compare(own.input, own.bcrypt);
      if (!ok && typical !== undefined) await isPasswordOf(password, typical);
      return { ok, needsRehash: ok && own?.current === false };
    });
  }

  override admit<T>(lookUp: () => Promise<T>): Promise<T> {
    return this.pool.admit(lookUp);
  }

  override newSalt(): Promise<string> {
    return genSalt(Math.min(SALTED_COST, this.cost));
  }

  override salted(text: string, salt: string): Promise<string> {
    return this.pool.run(() => hash(text, salt));
  }

  override stats(): PoolStats {
    return this.pool.stats();
  }

  private async encoded(password: string, bcrypt: (input: string) => Promise<string>): Promise<string> {
    const kid = this.keyring.currentKid;
    return `v1$${kid}$${await bcrypt(this.peppered(password, kid))}`;
  }

  private async judgeForeign(password: string, hash: ForeignHash): Promise<PasswordVerdict> {
    const ok = await isPasswordOf(password, hash);
    if (!ok) await this.wasteOne(password);
    return { ok, needsRehash: ok };
  }

  /** Does the work of one compare of our kind. @returns false */
  private async wasteOne(password: string): Promise<false> {
    await compare(this.peppered(password, this.keyring.currentKid), this.dummy);
    return false;
  }

  /** @returns undefined for a text that is no hash of ours, or one of a higher cost than we would compute */
  private read(password: string, encoded: string): Stored | undefined {
    const [, kid, bcrypt] = encodedShape.exec(encoded) ?? [];
    if (kid === undefined || bcrypt === undefined || costOf(bcrypt) > MAX_COST) return undefined;
    const current = kid === this.keyring.currentKid && costOf(bcrypt) >= this.cost;
    return { input: this.peppered(password, kid), bcrypt, current };
  }

  private peppered(password: string, kid: string): string {
    const key = this.keyring.derive(PEPPER, kid);
    return createHmac('sha384', key).update(password.normalize('NFKC'), 'utf8').digest('base64');
  }
}

function costOf(bcrypt: string): number {
  return Number(bcrypt.slice(4, 6));
}
