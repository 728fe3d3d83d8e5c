import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Keyring } from '../../platform/crypto/keyring';
import { NodeRandom } from '../../platform/random/node-random';
import { RefreshTokens } from './refresh-token.algorithm';

const k1 = { kid: 'k1', bytes: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', bytes: Buffer.alloc(32, 2) };
const random = new NodeRandom();
const tokens = new RefreshTokens(new Keyring([k1]), random);
const sessionId = '019347b2-7c1e-7a3b-8f2d-0123456789ab';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

// ASVS 7.2.3, 11.5.1
it('reads back what it made, and the digest is SHA-256 of the whole token', () => {
  const { token, digest } = tokens.create(sessionId, 4_000_000_000);
  expect(token).toMatch(/^rf_k1_[A-Za-z0-9_-]{91}$/);
  expect(tokens.read(token)).toEqual({ id: sessionId, generation: 4_000_000_000, digest });
  expect(digest).toEqual(createHash('sha256').update(token).digest());
  expect(tokens.create(sessionId, 0).token).not.toBe(tokens.create(sessionId, 0).token);
});

it('refuses a token with any one character changed, the unused bits of the last one included', () => {
  const { token } = tokens.create(sessionId, 1);
  for (let at = 'rf_k1_'.length; at < token.length; at += 1) {
    for (const character of alphabet) {
      if (character === token[at]) continue;
      expect(tokens.read(`${token.slice(0, at)}${character}${token.slice(at + 1)}`)).toBeUndefined();
    }
  }
});

it('refuses anything else without an exception', () => {
  const { token } = tokens.create(sessionId, 1);
  for (const text of ['', `${token} `, `${token}A`, token.slice(0, -1), token.replace('rf', 'td'), `${token}\n`]) {
    expect(tokens.read(text)).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (text) => tokens.read(text) === undefined));
});

it('reads tokens of an older key and refuses one whose key id was rewritten', () => {
  const rotated = new RefreshTokens(new Keyring([k2, k1]), random);
  const { token, digest } = tokens.create(sessionId, 1);
  expect(rotated.read(token)?.digest).toEqual(digest);
  expect(rotated.read(token.replace('rf_k1_', 'rf_k2_'))).toBeUndefined();
});

it('answers 503 and not 401 for a key id this instance does not hold yet', () => {
  const { token } = new RefreshTokens(new Keyring([k2]), random).create(sessionId, 1);
  expect(() => tokens.read(token)).toThrow(expect.objectContaining({ code: 'not_ready' }) as Error);
});
