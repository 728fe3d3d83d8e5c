import { generateSecretKeys, parseSecretRing } from './secret-ring';

const secret = (seed: number, length = 32) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 37 + seed * 11) % 251)).toString('base64');

describe('A95: a ring that is not safe is refused with one line that names no secret', () => {
  it.each([
    ['no key id', secret(1), 'entry 1 must look like k1:<base64>'],
    ['an empty ring', '', 'entry 1 must look like'],
    ['a key id with other characters', `K1:${secret(1)}`, 'entry 1 must look like'],
    ['a key id of 17 characters', `${'k'.repeat(17)}:${secret(1)}`, 'entry 1 must look like'],
    ['text that is not base64', 'k1:not base64!', 'entry 1 is not base64'],
    ['31 bytes', `k1:${secret(1)},k2:${secret(2, 31)}`, 'entry 2 must have at least 32 bytes'],
    ['two equal key ids', `k1:${secret(1)},k1:${secret(2)}`, 'has the key id of entry 2 twice'],
    ['two equal secrets', `k1:${secret(1)},k2:${secret(1)}`, 'has the same secret twice'],
    ['one repeated byte', `k1:${Buffer.alloc(32, 7).toString('base64')}`, 'is an example'],
    ['an example text', `k1:${Buffer.from('this is an example, do not use it').toString('base64')}`, 'is an example'],
    ['the example of .env.example', 'k1:ZXhhbXBsZS1leGFtcGxlLWV4YW1wbGUtZXhhbXBsZS0xMjM0', 'is an example'],
  ])('%s', (_case, text, reason) => {
    const ring = parseSecretRing(text);
    expect(ring).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as string });
    expect(JSON.stringify(ring)).not.toContain(secret(1));
  });
});

it('reads the ring in order, the first being current', () => {
  const ring = parseSecretRing(`k2:${secret(2)}, k1:${secret(1)}`);
  expect(ring.ok && ring.secrets.map(({ kid }) => kid)).toEqual(['k2', 'k1']);
});

// ASVS 11.6.1
it('generates a ring that it accepts, never the same twice', () => {
  expect(parseSecretRing(generateSecretKeys()).ok).toBe(true);
  expect(generateSecretKeys()).not.toBe(generateSecretKeys());
});
