// How password hashes are written: as PHC strings ($id$v=19$name=number,..$salt$digest), or in other spellings, which are rewritten as PHC
// strings. Reading is linear, bounded and strict: a text that is not understood completely is refused.

const number = /^(0|[1-9]\d{0,9})$/;
const base64Shape = /^[A-Za-z0-9+/]+={0,2}$/;
const oneNumber = /^([a-z]{1,4})=([^=]*)$/;

export interface PhcText {
  readonly id: string;
  /** A version such as v=19 is among them, as { v: 19 }. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

const fromText = (text = ''): string => Buffer.from(text, 'utf8').toString('base64');
const fromHex = (text = ''): string => Buffer.from(text, 'hex').toString('base64');

/** Frameworks use the text of the salt as it is; PHC strings write it in base64. */
const spellings: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  // Django: bcrypt$$2b$.., argon2$argon2id$..
  [/^bcrypt\$(\$2.*)$/, (text = '') => text],
  [/^argon2(\$argon2id\$.*)$/, (text = '') => text],
  // passlib: $pbkdf2-sha256$29000$.., and $pbkdf2$ for SHA-1
  [/^\$pbkdf2\$(\d+)\$(.*)$/, (rounds, rest) => `$pbkdf2-sha1$i=${rounds}$${rest}`],
  [/^\$pbkdf2-(sha\d+)\$(\d+)\$(.*)$/, (hash, rounds, rest) => `$pbkdf2-${hash}$i=${rounds}$${rest}`],
  // Django
  [
    /^pbkdf2_(sha\d+)\$(\d+)\$([^$]+)\$([^$]+)$/,
    (hash, rounds, salt, digest) => `$pbkdf2-${hash}$i=${rounds}$${fromText(salt)}$${digest}`,
  ],
  [
    /^scrypt\$(\d+)\$([^$]+)\$(\d+)\$(\d+)\$([^$]+)$/,
    (n, salt, r, p, digest) => `$scrypt$ln=${Math.log2(Number(n))},r=${r},p=${p}$${fromText(salt)}$${digest}`,
  ],
  // Werkzeug
  [
    /^pbkdf2:(sha\d+):(\d+)\$([^$]+)\$((?:[0-9a-f]{2})+)$/,
    (hash, rounds, salt, digest) => `$pbkdf2-${hash}$i=${rounds}$${fromText(salt)}$${fromHex(digest)}`,
  ],
  [
    /^scrypt:(\d+):(\d+):(\d+)\$([^$]+)\$((?:[0-9a-f]{2})+)$/,
    (n, r, p, salt, digest) => `$scrypt$ln=${Math.log2(Number(n))},r=${r},p=${p}$${fromText(salt)}$${fromHex(digest)}`,
  ],
];

/** The same hash as a PHC string or in bcrypt's own form; any other text unchanged. */
export function respelled(text: string): string {
  for (const [form, rewrite] of spellings) {
    const parts = form.exec(text);
    if (parts !== null) return rewrite(...parts.slice(1));
  }
  return text;
}

/** @returns undefined when it is no PHC string with salt and digest */
export function phcText(text: string): PhcText | undefined {
  const [before, id, ...parts] = text.split('$');
  const [digest, salt] = [bytesOfBase64(parts.pop()), bytesOfBase64(parts.pop())];
  const numbers = numbersOf(parts.flatMap((each) => each.split(',')));
  if (before !== '' || id === undefined || digest === undefined || salt === undefined) return undefined;
  return numbers === undefined ? undefined : { id, numbers, salt, digest };
}

/** With or without padding. passlib's form, which writes a dot for the plus sign, is read as well. */
export function bytesOfBase64(text: string | undefined): Buffer | undefined {
  const standard = text?.replaceAll('.', '+');
  return standard !== undefined && base64Shape.test(standard) ? Buffer.from(standard, 'base64') : undefined;
}

/** Whole numbers of at most ten digits; each name may occur once. */
function numbersOf(parts: readonly string[]): Record<string, number> | undefined {
  const numbers = new Map<string, number>();
  for (const part of parts) {
    const [, name = '', value = ''] = oneNumber.exec(part) ?? [];
    if (!number.test(value) || numbers.has(name)) return undefined;
    numbers.set(name, Number(value));
  }
  return Object.fromEntries(numbers);
}
