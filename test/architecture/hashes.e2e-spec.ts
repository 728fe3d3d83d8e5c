// Which hash functions the code uses: SHA-2 everywhere, weaker ones only where somebody else's wire format asks for them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', 'src');

/** Each with whose format it is. None of them guards a secret of ours at rest, and none is a signature that we make. */
const foreign = new Map([
  ['sms/providers/twilio', 'sha1'], // X-Twilio-Signature is HMAC-SHA1
  ['sms/providers/sinch', 'md5'], // Content-MD5 in the string that HMAC-SHA256 signs
  ['auth/password/breached-passwords.service.ts', 'sha1'], // the range API is asked by SHA-1 prefix
  ['auth/totp', 'sha1'], // RFC 6238 with what authenticator apps know
]);

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));

const called = /\b(?:createHash|createHmac|createSign|createVerify|pbkdf2|pbkdf2Sync|hkdfSync)\(\s*('[^']*'|[^,)]*)/g;

// ASVS 11.4.1, 11.4.3
it('every hash is of SHA-2, but for the formats of others', () => {
  const uses = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(called)].map(([, name = '']) => [
      file,
      name.replaceAll("'", ''),
    ]),
  );
  expect(uses.length).toBeGreaterThan(20);
  const weak = uses.filter(([, name]) => !/^sha(256|384|512)$/i.test(name ?? ''));
  const unknown = weak.filter(
    ([file = '', name]) => ![...foreign].some(([place, allowed]) => file.startsWith(place) && allowed === name),
  );
  expect(unknown).toEqual([]);
});
