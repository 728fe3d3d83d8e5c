// Tokens that are not as we sign them: another algorithm, another signature, a key id made up.
import { createHmac, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { b64, forge, forger, part, sessionId } from '../../../test/support/token-scene';

describe('A27: the algorithm is ours to choose', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it.each<[string, (f: Awaited<ReturnType<typeof forger>>) => string]>([
    ['none', (f) => `${b64({ ...part(f.good, 0), alg: 'none' })}.${f.good.split('.')[1]}.`],
    ['None', (f) => `${b64({ ...part(f.good, 0), alg: 'None' })}.${f.good.split('.')[1]}.AA`],
    ['none with the real signature', (f) => f.withHeader({ alg: 'none' })],
    ['HS256 by the public key', (f) => hmac(f, 'HS256')],
    ['HS384 by the public key', (f) => hmac(f, 'HS384')],
    [
      'RS256',
      (f) => {
        const text = `${b64({ ...part(f.good, 0), alg: 'RS256' })}.${f.good.split('.')[1]}`;
        return `${text}.${signBytes('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`;
      },
    ],
    ['empty signature', (f) => f.good.replace(/[^.]+$/, '')],
    ['short signature', (f) => f.good.slice(0, -4)],
    ['one-byte signature', (f) => f.good.replace(/[^.]+$/, 'AA')],
    ['the same signature in other letters', (f) => f.good.slice(0, -1) + respelt(f.good.slice(-1))],
    ['signature of zeros', (f) => f.good.replace(/[^.]+$/, 'A'.repeat(86))],
    ['payload changed', (f) => f.good.replace(/\.[^.]+\./, `.${b64({ ...part(f.good, 1), sub: sessionId })}.`)],
    ['header not JSON', (f) => f.good.replace(/^[^.]+/, 'AAAA')],
    ['header null', (f) => f.good.replace(/^[^.]+/, b64(null))],
    ['payload not an object', (f) => forge(part(f.good, 0), 'text', f.privateKey)],
    ['payload null', (f) => forge(part(f.good, 0), null, f.privateKey)],
    ['two dots more', (f) => `${f.good}..`],
    ['two parts', (f) => f.good.split('.').slice(0, 2).join('.')],
    ['a line break', (f) => `${f.good}\n`],
    ['nothing', () => ''],
  ])('%s', async (_case, make) => {
    const made = await forger();
    expect(await made.tokens.verify(make(made))).toBeUndefined();
  });

  /** The next letter of base64url: it differs in bits that no byte of 64 takes. */
  const respelt = (last: string) => ({ A: 'B', Q: 'R', g: 'h', w: 'x' })[last] ?? last;

  function hmac({ good, privateKey }: Awaited<ReturnType<typeof forger>>, alg: 'HS256' | 'HS384'): string {
    const text = `${b64({ ...part(good, 0), alg })}.${good.split('.')[1]}`;
    const publicKey = createPublicKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'pem',
      type: 'spki',
    });
    return `${text}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha384', publicKey)
      .update(text)
      .digest('base64url')}`;
  }
});

describe('A28: the key id is a name in a map and nothing else', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a path', { kid: '../../dev/null' }],
    ['SQL', { kid: "' OR 1=1--" }],
    ['10 kB', { kid: 'k'.repeat(10_240) }],
    ['none', { kid: undefined }],
    ['a list', { kid: ['k'] }],
    ['a prototype member', { kid: '__proto__' }],
    ['jku', { jku: 'http://127.0.0.1:1/' }],
    ['x5u', { x5u: 'http://127.0.0.1:1/' }],
    ['jwk', { jwk: { kty: 'EC' } }],
    ['x5c', { x5c: ['AA'] }],
    ['crit', { crit: ['exp'] }],
    ['b64', { b64: false }],
  ])('%s', async (_case, change) => {
    const { tokens, withHeader } = await forger();
    expect(await tokens.verify(withHeader(change))).toBeUndefined();
  });

  it('made-up ids lead to one reload in 5 s', async () => {
    const { tokens, withHeader, table, clock } = await forger();
    const before = table.reads;
    for (let i = 0; i < 50; i += 1) await tokens.verify(withHeader({ kid: `made-up-${i}` }));
    expect(table.reads).toBe(before);
    clock.at += 5000;
    for (let i = 0; i < 50; i += 1) await tokens.verify(withHeader({ kid: `made-up-${i}` }));
    expect(table.reads).toBe(before + 1);
  });
});
