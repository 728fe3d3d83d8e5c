// Decorators for the fields of a slice. Each combines a rule of class-validator with the conversion from text. A field may be absent; a slice
// that needs one says so in problems().
import { applyDecorators } from '@nestjs/common';
import { Expose, Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInstance, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Secret } from './secret';

type Field = PropertyDecorator;

/** The keys of all fields that @EnvSecret has declared. */
const secretKeys = new Set<string | symbol>();

export function isSecretKey(key: string): boolean {
  return secretKeys.has(key);
}

function fromText(convert: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? convert(value) : value));
}

function field(...decorators: PropertyDecorator[]): Field {
  return applyDecorators(Expose(), IsOptional(), ...decorators);
}

export function EnvInt(bounds: { min: number; max: number }): Field {
  const { min, max } = bounds;
  const message = `must be a whole number from ${min} to ${max}`;
  return field(
    fromText((text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN)),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

export function EnvString(rule: { matches?: RegExp; message?: string } = {}): Field {
  const rules: PropertyDecorator[] = [IsString()];
  if (rule.matches) rules.push(Matches(rule.matches, { message: rule.message ?? 'has the wrong form' }));
  return field(...rules);
}

export function EnvChoice(...values: string[]): Field {
  return field(IsIn(values, { message: `must be one of: ${values.join(', ')}` }));
}

export function EnvBoolean(): Field {
  return field(
    fromText((text) => ({ true: true, false: false })[text] ?? text),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** Comma-separated text as an array of trimmed, non-empty strings. */
export function EnvList(rule: { matches?: RegExp; message?: string } = {}): Field {
  const split = fromText((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
  const each = { each: true, message: rule.message ?? 'has an entry of the wrong form' };
  return field(split, rule.matches ? Matches(rule.matches, each) : IsString(each));
}

/** An absolute URL, of http or https unless `protocols` says otherwise. With `origin`, it must have no path, query, fragment or user. */
export function EnvUrl(rule: { origin?: boolean; protocols?: string[] } = {}): Field {
  const protocols = rule.protocols ?? ['http:', 'https:'];
  const check = (text: string): unknown => {
    if (!URL.canParse(text)) return null;
    const url = new URL(text);
    if (!protocols.includes(url.protocol)) return null;
    if (rule.origin !== true) return text;
    // A user and password would be dropped without a word: no request of ours takes them from the address.
    const { pathname, search, hash, username, password } = url;
    return pathname === '/' && search + hash + username + password === '' ? url.origin : null;
  };
  const message = `must be ${rule.origin === true ? 'an origin (no path, no user)' : 'a URL'} with ${protocols.join(' or ')}`;
  return field(
    fromText((text) => check(text) ?? 0), // a number, so that IsString refuses it
    IsString({ message }),
  );
}

/** A secret; may also come from a file named by <KEY>_FILE. Blanks at its ends do not count, so that it is not made of blanks only. */
export function EnvSecret(rule: { minLength?: number } = {}): Field {
  const minLength = rule.minLength ?? 1;
  const message = `must have at least ${minLength} characters`;
  const long = Transform(({ value }: { value: unknown }) => {
    if (typeof value !== 'string') return value;
    return value.trim().length < minLength ? value : new Secret(value);
  });
  const declare: PropertyDecorator = (_slice, key) => void secretKeys.add(key);
  return field(long, IsInstance(Secret, { message }), declare);
}

/** Whether user and password of an address can be decoded; `new URL` leaves a `%` alone that begins no escape. */
export function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
