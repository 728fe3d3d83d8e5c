// Writes a file of accounts, line by line: distinct numbers, hashes of the scheme that is asked for, some lines that have to be refused.
const { randomBytes } = require('node:crypto');
const { createWriteStream } = require('node:fs');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');

const LINES_AT_ONCE = 1000;
/** Every so many lines one is not a number, and one repeats an earlier number. */
const BROKEN_EVERY = 1000;
const REPEATED_EVERY = 1000;

const base64 = (bytes) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
const radix64 = (characters) => base64(characters).replace(/\+/g, '.').slice(0, characters);

/** Random ones in the right form: an import computes none. */
const hashes = {
  bcrypt: () => `$2b$10$${radix64(53)}`,
  argon2id: () => `$argon2id$v=19$m=65536,t=3,p=1$${base64(16)}$${base64(32)}`,
  scrypt: () => `$scrypt$ln=15,r=8,p=1$${base64(16)}$${base64(32)}`,
  pbkdf2: () => `pbkdf2_sha256$600000$${radix64(22)}$${base64(32)}`,
};

function line(index, hash) {
  const phone = `+49151${20_000_000 + (index % REPEATED_EVERY === 700 ? index - 500 : index)}`;
  return `${JSON.stringify({
    phone: index % BROKEN_EVERY === 300 ? `${phone}99` : phone,
    passwordHash: hash(),
    email: `person.${index}@mail.example.com`,
    displayName: `Person ${index}`,
    locale: 'de-DE',
    createdAt: '2021-05-04T03:02:01Z',
  })}\n`;
}

function* linesOf(rows, hash) {
  for (let from = 0; from < rows; from += LINES_AT_ONCE) {
    const count = Math.min(LINES_AT_ONCE, rows - from);
    yield Array.from({ length: count }, (_, n) => line(from + n, hash)).join('');
  }
}

/** @returns how many of the lines have to be refused */
async function writePeople(path, rows, scheme) {
  await pipeline(Readable.from(linesOf(rows, hashes[scheme])), createWriteStream(path));
  const upTo = (first, every) => (rows <= first ? 0 : Math.floor((rows - 1 - first) / every) + 1);
  return upTo(300, BROKEN_EVERY) + upTo(700, REPEATED_EVERY);
}

module.exports = { schemes: Object.keys(hashes), writePeople };
