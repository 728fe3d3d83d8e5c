// Firebase's variant of scrypt, from its public description (github.com/firebase/scrypt). The key derived from the password encrypts the
// project's signer key by AES-256 in counter mode, and the ciphertext is the hash. So hash XOR signer key gives the keystream, which depends on
// the password alone. We keep that, so that no login needs the project's key. Its test vector is the one of the description.
import { textOf } from './foreign-hash';
import type { FirebaseHash } from './foreign-hash.types';
import { bytesOfBase64 } from './hash-text';
import { type ReadHash, readForeignHash } from './read-foreign-hash';

/** The password hash parameters of a project, as the Firebase console shows them. */
export interface FirebaseProject {
  readonly signerKey: Buffer;
  readonly saltSeparator: Buffer;
  /** scrypt's parameter r. */
  readonly rounds: number;
  /** scrypt's N is 2^memCost. */
  readonly memCost: number;
}

const lines = {
  signerKey: /base64_signer_key"?\s*[:=]\s*"?([A-Za-z0-9+/_-]+={0,2})/,
  saltSeparator: /base64_salt_separator"?\s*[:=]\s*"?([A-Za-z0-9+/_-]*={0,2})/,
  rounds: /rounds"?\s*[:=]\s*"?(\d{1,4})\b/,
  memCost: /mem_cost"?\s*[:=]\s*"?(\d{1,4})\b/,
};

/** @param text hash_config as the console shows it, or the same as JSON. @returns undefined when one of the four is missing */
export function readFirebaseProject(text: string): FirebaseProject | undefined {
  const found = (name: keyof typeof lines): string | undefined => lines[name].exec(text)?.[1];
  const [signer, separator, rounds, memCost] = [
    found('signerKey'),
    found('saltSeparator'),
    found('rounds'),
    found('memCost'),
  ];
  if (signer === undefined || separator === undefined || rounds === undefined || memCost === undefined)
    return undefined;
  return {
    signerKey: Buffer.from(signer, 'base64'),
    saltSeparator: Buffer.from(separator, 'base64'),
    rounds: Number(rounds),
    memCost: Number(memCost),
  };
}

/** @param hash and @param salt in base64, as an export of the project has them */
export function readFirebaseHash(hash: string, salt: string, project: FirebaseProject): ReadHash {
  const [digest, own] = [bytesOfWebBase64(hash), bytesOfWebBase64(salt)];
  if (digest?.length !== project.signerKey.length || own === undefined) return { ok: false, refusal: 'malformed' };
  const kept: FirebaseHash = {
    scheme: 'firebase-scrypt',
    ln: project.memCost,
    r: project.rounds,
    p: 1,
    salt: Buffer.concat([own, project.saltSeparator]),
    digest: Buffer.from(digest.map((byte, at) => byte ^ (project.signerKey[at] ?? 0))),
  };
  return readForeignHash(textOf(kept));
}

/** Exports write base64 with + and /, the API writes it with - and _. */
function bytesOfWebBase64(text: string): Buffer | undefined {
  return bytesOfBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}
