import { isPasswordOf, textOf } from './foreign-hash';
import type { ForeignHash } from './foreign-hash.types';
import { readFirebaseHash, readFirebaseProject } from './firebase-scrypt';
import { type ReadHash, readForeignHash } from './read-foreign-hash';

function made(read: ReadHash): ForeignHash {
  if (!read.ok) throw new Error(read.refusal);
  return read.hash;
}

/** As the console shows it. The values are those of github.com/firebase/scrypt (README). */
const consoleText = `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}`;
const firebaseHash = 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';
const firebaseSalt = '42xEC+ixf3L2lw==';

const b64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '');
const salted = (salt: string, hex: string): string => `${b64(Buffer.from(salt).toString('hex'))}$${b64(hex)}`;

const rfc7914Scrypt =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
const rfc7914Pbkdf2 =
  '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783';
const djangoScrypt =
  'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==';
const passlib = '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44';
const cryptBlowfish = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const argon2Reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

describe('a hash of another system is verified as it is: published vectors', () => {
  it.each([
    ['bcrypt $2a (crypt_blowfish)', cryptBlowfish, 'U*U'],
    ['bcrypt $2b', cryptBlowfish.replace('$2a', '$2b'), 'U*U'],
    ['bcrypt $2y', cryptBlowfish.replace('$2a', '$2y'), 'U*U'],
    ['bcrypt as Django keeps it', `bcrypt$${cryptBlowfish}`, 'U*U'],
    ['argon2id (reference implementation)', argon2Reference, 'password'],
    ['argon2id as Django keeps it', `argon2${argon2Reference}`, 'password'],
    ['scrypt (RFC 7914)', `$scrypt$ln=14,r=8,p=1$${salted('SodiumChloride', rfc7914Scrypt)}`, 'pleaseletmein'],
    ['scrypt of Django (its tests)', djangoScrypt, 'lètmein'],
    ['scrypt of Werkzeug (RFC 7914)', `scrypt:16384:8:1$SodiumChloride$${rfc7914Scrypt}`, 'pleaseletmein'],
    [
      'PBKDF2 SHA-1 (RFC 6070)',
      `$pbkdf2-sha1$i=4096$${salted('salt', '4b007901b765489abead49d926f721d065a429c1')}`,
      'password',
    ],
    [
      'PBKDF2 SHA-1 of passlib',
      `$pbkdf2$4096$${salted('salt', '4b007901b765489abead49d926f721d065a429c1')}`,
      'password',
    ],
    ['PBKDF2 SHA-256 (RFC 7914)', `$pbkdf2-sha256$i=1,l=64$${salted('salt', rfc7914Pbkdf2)}`, 'passwd'],
    ['PBKDF2 SHA-256 of passlib (its documentation)', passlib, 'password'],
    [
      'PBKDF2 of Django (its tests)',
      'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=',
      'lètmein',
    ],
    ['PBKDF2 of Django (RFC 7914)', `pbkdf2_sha256$1$salt$${b64(rfc7914Pbkdf2)}==`, 'passwd'],
    ['PBKDF2 of Werkzeug (RFC 7914)', `pbkdf2:sha256:1$salt$${rfc7914Pbkdf2}`, 'passwd'],
  ])('%s', async (_scheme, text, password) => {
    const hash = made(readForeignHash(text));
    expect(await isPasswordOf(password, hash)).toBe(true);
    expect(await isPasswordOf(`${password} `, hash)).toBe(false);
    expect(await isPasswordOf(`${password}\0`, hash)).toBe(false);
    expect(made(readForeignHash(textOf(hash)))).toEqual(hash);
  });

  it.each([
    ['as the console shows its parameters', consoleText],
    [
      'its parameters as JSON',
      JSON.stringify({
        base64_signer_key: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
        base64_salt_separator: 'Bw==',
        rounds: 8,
        mem_cost: 14,
      }),
    ],
  ])("Firebase's scrypt (its description), %s, and nothing of the project's key is kept", async (_form, text) => {
    const project = readFirebaseProject(text);
    if (project === undefined) throw new Error('not read');
    const hash = made(readFirebaseHash(firebaseHash, firebaseSalt, project));
    expect(await isPasswordOf('user1password', hash)).toBe(true);
    expect(await isPasswordOf('user2password', hash)).toBe(false);
    expect(textOf(hash)).not.toContain(project.signerKey.toString('base64').slice(0, 20));
    const webSafe = firebaseHash.replaceAll('+', '-').replaceAll('/', '_');
    expect(made(readFirebaseHash(webSafe, firebaseSalt, project))).toEqual(hash);
  });
});

describe('what is not understood whole, or would cost too much, is refused', () => {
  const tail = 'c29tZXNhbHRzYWx0$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

  it.each([
    '',
    'password',
    'x'.repeat(500),
    '5f4dcc3b5aa765d61d8327deb882cf99',
    '$1$abc$def',
    `$argon2i$v=19$m=65536,t=2,p=1$${tail}`,
    `$argon2d$v=19$m=65536,t=2,p=1$${tail}`,
    `$pbkdf2-md5$i=1000$${tail}`,
    'bcrypt_sha256$$2b$12$abc',
    `$2x${cryptBlowfish.slice(3)}`,
    'v1$k1$$2b$04$abc',
  ])('unknown: %s', (text) => {
    expect(readForeignHash(text)).toEqual({ ok: false, refusal: 'unknown' });
  });

  it.each([
    `${cryptBlowfish}x`,
    cryptBlowfish.slice(0, -1),
    cryptBlowfish.replace('$05', '$03'),
    cryptBlowfish.replace('$05', '$5'),
    `$argon2id$v=16$m=65536,t=2,p=1$${tail}`,
    `$argon2id$m=65536,t=2,p=1$${tail}`,
    `$argon2id$v=19$m=65536,t=2$${tail}`,
    `$argon2id$v=19$m=65536,t=0,p=1$${tail}`,
    `$argon2id$v=19$m=65536,t=2,p=1,m=8$${tail}`,
    `$argon2id$v=19$m=65536,t=2,p=1,keyid=1$${tail}`,
    `$argon2id$v=19$m=8,t=2,p=2$${tail}`,
    `$argon2id$v=19$m=6e4,t=2,p=1$${tail}`,
    `$argon2id$v=19$m=-1,t=2,p=1$${tail}`,
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzYWx0$',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzYWx0$AAAA',
    '$argon2id$v=19$m=65536,t=2,p=1$!!!!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    `$scrypt$ln=0,r=8,p=1$${tail}`,
    `$scrypt$ln=14,r=8,p=1,constructor=1$${tail}`,
    `$scrypt$ln=14,r=8,__proto__=1$${tail}`,
    `$pbkdf2-sha256$i=0$${tail}`,
    `$pbkdf2-sha256$i=1000,l=31$${tail}`,
    `$pbkdf2-sha256$1000$${tail}$more`,
    `$2b$${'9'.repeat(600)}`,
  ])('malformed: %s', (text) => {
    expect(readForeignHash(text)).toEqual({ ok: false, refusal: 'malformed' });
  });

  it.each([
    cryptBlowfish.replace('$05', '$31'),
    cryptBlowfish.replace('$05', '$15'),
    `$argon2id$v=19$m=131073,t=1,p=1$${tail}`,
    `$argon2id$v=19$m=131072,t=5,p=1$${tail}`,
    `$argon2id$v=19$m=9999999999,t=9999999999,p=1$${tail}`,
    `$argon2id$v=19$m=1024,t=9999999999,p=1$${tail}`,
    `$scrypt$ln=18,r=8,p=1$${tail}`,
    `$scrypt$ln=63,r=9999999999,p=9999999999$${tail}`,
    `$scrypt$ln=17,r=8,p=3$${tail}`,
    `$scrypt$ln=1,r=1,p=9999999$${tail}`,
    `$firebase-scrypt$ln=30,r=8,p=1$${tail}`,
    `$pbkdf2-sha256$i=2000001$${tail}`,
    `$pbkdf2-sha512$i=1000001$${tail}`,
    `$pbkdf2-sha1$i=1000001$${tail}`,
    'pbkdf2_sha256$9999999999$salt$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=',
    `scrypt:1048576:8:1$salt$${'ab'.repeat(32)}`,
  ])('too dear: %s', (text) => {
    expect(readForeignHash(text)).toEqual({ ok: false, refusal: 'too_costly' });
  });

  it.each([
    cryptBlowfish.replace('$05', '$14'),
    `$argon2id$v=19$m=131072,t=4,p=4$${tail}`,
    `$scrypt$ln=17,r=8,p=2$${tail}`,
    'pbkdf2_sha256$1500000$salt$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=',
  ])('what the makers advise is taken: %s', (text) => {
    expect(readForeignHash(text)).toMatchObject({ ok: true });
  });

  it.each([
    ['the hash is as long as the signer key', 'AAAA', firebaseSalt],
    ['the salt is base64', firebaseHash, '!'],
    ['the salt is there', firebaseHash, ''],
  ])('Firebase: %s', (_rule, hash, salt) => {
    const project = readFirebaseProject(consoleText);
    expect(project && readFirebaseHash(hash, salt, project)).toEqual({ ok: false, refusal: 'malformed' });
  });

  it('a project whose parameters would be too dear', () => {
    const project = readFirebaseProject(consoleText.replace('mem_cost: 14', 'mem_cost: 30'));
    expect(project && readFirebaseHash(firebaseHash, firebaseSalt, project)).toEqual({
      ok: false,
      refusal: 'too_costly',
    });
    expect(readFirebaseProject('rounds: 8')).toBeUndefined();
  });
});
