// Reads SECRET_KEYS ("k2:<base64>,k1:<base64>", the first is current), or says in one line what is wrong with it.
// Invariant: ids and secrets of a ring are distinct, each secret has 32 bytes or more, and none is an example (A95, design D10).
import { randomBytes } from 'node:crypto';

export interface RingSecret {
  readonly kid: string;
  readonly bytes: Buffer;
}

export type SecretRing = { readonly ok: true; readonly secrets: readonly RingSecret[] } | RingProblem;
export type RingProblem = { readonly ok: false; readonly reason: string };

const MIN_BYTES = 32;
const kidShape = /^[a-z0-9]{1,16}$/;
const base64Shape = /^[A-Za-z0-9+/_-]+={0,2}$/;
const exampleText = /example|change.?me|replace.?me|placeholder|do.?not.?use/i;

/** The reason never contains a secret, because it is printed at the start. */
export function parseSecretRing(text: string): SecretRing {
  const secrets: RingSecret[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const secret = parseEntry(entry.trim(), index + 1);
    if ('reason' in secret) return secret;
    if (secrets.some(({ kid }) => kid === secret.kid)) return refused(`has the key id of entry ${index + 1} twice`);
    if (secrets.some(({ bytes }) => bytes.equals(secret.bytes))) return refused('has the same secret twice');
    secrets.push(secret);
  }
  return { ok: true, secrets };
}

/** A new ring with one random secret of 32 bytes, for development and for `cli keys`. */
export function generateSecretKeys(): string {
  return `k1:${randomBytes(MIN_BYTES).toString('base64')}`;
}

function parseEntry(entry: string, position: number): RingSecret | RingProblem {
  const colon = entry.indexOf(':');
  const kid = entry.slice(0, Math.max(colon, 0));
  const encoded = entry.slice(colon + 1);
  if (colon < 0 || !kidShape.test(kid)) {
    return refused(`entry ${position} must look like k1:<base64> (key id: 1 to 16 of a-z and 0-9)`);
  }
  if (!base64Shape.test(encoded)) return refused(`entry ${position} is not base64`);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < MIN_BYTES) return refused(`entry ${position} must have at least ${MIN_BYTES} bytes`);
  if (isExample(bytes) || exampleText.test(encoded)) return refused(`entry ${position} is an example, not a secret`);
  return { kid, bytes };
}

// One repeated byte, or readable text that calls itself an example (as that of .env.example does).
function isExample(bytes: Buffer): boolean {
  return new Set(bytes).size === 1 || exampleText.test(bytes.toString('latin1'));
}

function refused(reason: string): RingProblem {
  return { ok: false, reason };
}
