// What is stored as the password of an imported account. There are three cases: a hash of another system, which is sealed; a hash of ours,
// which came from an export of a system with the same ring, and is stored as it is; or no hash, and the person sets a password by a reset.
import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type FirebaseProject, readFirebaseHash } from '../../platform/crypto/foreign/firebase-scrypt';
import { textOf } from '../../platform/crypto/foreign/foreign-hash';
import { readForeignHash } from '../../platform/crypto/foreign/read-foreign-hash';
import { SealedHashes } from '../../platform/crypto/foreign/sealed-hashes';
import { Keyring } from '../../platform/crypto/keyring';
import type { Fields } from './import-fields';
import type { RefusalCode } from './user-import.types';

/** Stored in place of a hash. No password is right for it, and people who read the table see why. */
const NO_PASSWORD = 'none';
const ownShape = /^v1\$([a-z0-9]{1,16})\$\$2b\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;
const CHECK_INFO = 'latchkey/pepper-check/v1';
const CHECK_CHARACTERS = 16;

export interface PasswordRules {
  readonly withoutPassword: boolean;
  readonly firebase: FirebaseProject | undefined;
}

/** Both are absent for an account without a password. */
export interface WrittenPassword {
  readonly passwordHash?: string;
  /** Only with a hash of ours. An import compares it with its own, and so knows whether its ring has the pepper of this hash. */
  readonly passwordKey?: string;
}

@Injectable()
export class ImportPasswords {
  private readonly checks = new Map<string, string>();

  constructor(
    private readonly hashes: SealedHashes,
    private readonly keyring: Keyring,
  ) {}

  /** @returns what to store, or why the line is refused */
  read(fields: Fields, { withoutPassword, firebase }: PasswordRules): { stored: string } | { code: RefusalCode } {
    const { passwordHash: written, passwordSalt: salt, passwordKey: key } = fields;
    if (written === undefined) return withoutPassword ? { stored: NO_PASSWORD } : { code: 'password_hash_missing' };
    if (typeof written !== 'string') return { code: 'password_hash_malformed' };
    const kid = ownShape.exec(written)?.[1];
    if (kid !== undefined) return this.has(kid, key) ? { stored: written } : { code: 'password_key_unknown' };
    const read = salt === undefined ? readForeignHash(written) : withSalt(written, salt, firebase);
    return read.ok ? { stored: this.hashes.seal(read.hash) } : { code: `password_hash_${read.refusal}` };
  }

  /** For an export. @throws AppError not_ready when the hash is sealed under a key that is not on the ring */
  write(stored: string): WrittenPassword {
    const kid = ownShape.exec(stored)?.[1];
    if (kid !== undefined) return { passwordHash: stored, passwordKey: this.check(kid) };
    const hash = this.hashes.open(stored);
    return hash === undefined ? {} : { passwordHash: textOf(hash) };
  }

  private has(kid: string, key: unknown): boolean {
    return this.keyring.has(kid) && key === this.check(kid);
  }

  /** Two systems get the same text if they have the same secret under this key id. The text tells nothing else about the secret. */
  private check(kid: string): string {
    const known = this.checks.get(kid);
    if (known !== undefined) return known;
    const mac = createHmac('sha256', this.keyring.derive(CHECK_INFO, kid)).update(kid).digest('hex');
    this.checks.set(kid, mac.slice(0, CHECK_CHARACTERS));
    return this.check(kid);
  }
}

function withSalt(hash: string, salt: unknown, project: FirebaseProject | undefined) {
  if (project === undefined) return { ok: false, refusal: 'unknown' } as const;
  return typeof salt === 'string'
    ? readFirebaseHash(hash, salt, project)
    : ({ ok: false, refusal: 'malformed' } as const);
}
