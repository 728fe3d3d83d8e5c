// What must never reach a log line, recognised in two ways: by the name of its key and by the shape of its value (case A92).
// The first knows where secrets are; the second finds those in messages, errors and answers of vendors.
import { serializeError } from './error-serializer';

const REDACTED = '[redacted]';
const DEPTH = 6;

const secretKey =
  /passw|passphrase|secret|token|authori[sz]ation|cookie|api_?key|pepper|phone|otpauth|signature|^(code|codes|otp|pin|email|identifier|destination|to|proof|text|body|headers|query|parameters|params)$/i;

/** A copy of a log object without the values of keys that name secrets. Goes six levels deep, and cuts off what lies deeper. */
export function redactKeys(value: Record<string, unknown>, depth = DEPTH): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) copy[key] = redactMember(key, member, depth);
  return copy;
}

function redactMember(key: string, member: unknown, depth: number): unknown {
  if (member === null || member === undefined) return member;
  if (secretKey.test(key)) return REDACTED;
  if (member instanceof Error) return serializeError(member);
  // Dates, Secret and other classes with toJSON decide themselves what may be read.
  if (typeof member !== 'object' || hasToJson(member)) return member;
  if (depth === 0) return '[deep]';
  if (Array.isArray(member)) return member.map((item) => redactMember('', item, depth - 1));
  return redactKeys(member as Record<string, unknown>, depth - 1);
}

function hasToJson(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

const shapes: readonly (readonly [RegExp, string])[] = [
  // Credentials by scheme, RFC 9110 and vendors' own.
  [/\b(Bearer|Basic|App|Application)\s+[\w.~+/=:-]{12,}/g, `$1 ${REDACTED}`],
  // Signed tokens: header.payload.signature, or what is left of one.
  [/\beyJ[\w-]{5,}(?:\.[\w-]+){0,4}/g, REDACTED],
  // Our own tokens: kind, digits, key id, 32 random bytes as base64url; API keys and refresh tokens look alike.
  [/\b[a-z]{2}\d{0,2}_(?:[A-Za-z0-9]{1,16}_)?[\w-]{24,}/g, REDACTED],
  // Telephone numbers, E.164, also where a URL or a form wrote the plus sign as %2B.
  [/(?:\+|%2B)[1-9]\d{6,14}\b/gi, REDACTED],
  // Codes as JSON (also inside a JSON string), in forms, and as our own message writes them. Not five digits, which are SQLSTATEs.
  [/((?:code|otp|pin)\\*["']?\s*[:=]\s*\\*["']?)(?:\d{4}|\d{6,10})\b/gi, `$1${REDACTED}`],
  [/\b\d{4,10}(?= is your )/g, REDACTED],
  [/(?<=@[\w.-]{1,253} #)\d{4,10}\b/g, REDACTED],
  // Key names once more, for JSON and query strings quoted in messages.
  [
    /((?:password|passwd|secret|access_?token|refresh_?token|challenge_?token|api_?key|authorization)\\*["']?\s*[:=]\s*)(?!\\*"\[redacted\])(\\*["'])?[^"'\\\s,;&}]+/gi,
    `$1$2${REDACTED}`,
  ],
];

/** One serialized line with everything that looks like a secret replaced. It stays valid JSON. */
export function redactShapes(line: string): string {
  let clean = line;
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}
