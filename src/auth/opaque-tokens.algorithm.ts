// Tokens that tell nothing but their kind: two letters and 32 random bytes. Only their SHA-256 is kept, which suffices because 256 random bits
// cannot be guessed. Its look-up tells nothing by its duration, because nobody can choose the digest that is looked up.
import { hash } from 'node:crypto';
import { Secret } from '../config/secret';
import type { Random } from '../platform/random/random';

const RANDOM_BYTES = 32;

/** Secrets of client apps. */
export const clientSecrets = opaqueTokens('ak');
/** Invitations. */
export const inviteTokens = opaqueTokens('iv');

function opaqueTokens(kind: string) {
  const form = new RegExp(`^${kind}_[A-Za-z0-9_-]{43}$`);
  const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');
  return {
    make(random: Random): { readonly token: Secret; readonly digest: Buffer } {
      const token = `${kind}_${random.bytes(RANDOM_BYTES).toString('base64url')}`;
      return { token: new Secret(token), digest: digestOf(token) };
    },
    /** @returns 32 bytes; undefined for a text that cannot be such a token of ours */
    digest: (presented: string): Buffer | undefined => (form.test(presented) ? digestOf(presented) : undefined),
  };
}
