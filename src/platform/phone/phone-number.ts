// The only way to make a phone number: canonical E.164 of a mobile line in a served country (design section 2, A58). Invariants: all accepted
// spellings of a number give the same e164, and parsing an e164 gives itself. Only + digits spaces and -.() are read, so nothing can be injected
// through a number (A63).
import { inspect } from 'node:util';
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LRUCache } from 'lru-cache';

/** ISO 3166 regions, or all. A region, not a dial code: +1 is the United States, Canada and twenty more. */
export type Countries = 'all' | readonly string[];

const MAX_CHARACTERS = 32;
const VISIBLE_DIGITS = 4;
const spelling = /^ *\+[0-9 ().-]+$/;
/** Made for the first number that is masked, because making it takes as long as masking two hundred numbers. */
let callingCodes: ReadonlySet<string> | undefined;
const reachable: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

export class PhoneNumber {
  private constructor(
    /** Canonical form: + and 7 to 15 digits. */
    readonly e164: string,
    /** ISO 3166 region; empty for an exempt number that belongs to none. */
    readonly country: string,
    private readonly callingCode: string,
  ) {}

  /**
   * @param rule.exempt numbers for which type of line and country do not matter
   * @returns undefined for any other text, an invalid number, another type of line or a country that is not served
   */
  static parse(
    text: string,
    rule: { readonly countries: Countries; readonly exempt?: (e164: string) => boolean },
  ): PhoneNumber | undefined {
    if (text.length > MAX_CHARACTERS || !spelling.test(text)) return undefined;
    // A trunk prefix, such as the zero in +44 (0)7911, is dropped here. Only valid numbers have a type.
    const parsed = parsePhoneNumberFromString(`+${text.replace(/[^0-9]/g, '')}`, { extract: false });
    if (parsed === undefined) return undefined;
    const { number, country = '', countryCallingCode } = parsed;
    const isServed = reachable.has(parsed.getType()) && isIn(rule.countries, country);
    return isServed || rule.exempt?.(number) === true
      ? new PhoneNumber(number, country, countryCallingCode)
      : undefined;
  }

  /** The number without + and country calling code. */
  get nationalDigits(): string {
    return this.e164.slice(1 + this.callingCode.length);
  }

  masked(): string {
    return masked(this.e164, this.callingCode);
  }

  /** Masked, so that a number which gets into a text or a log line by mistake stays private. Where it is needed, use e164. */
  toString(): string {
    return this.masked();
  }

  toJSON(): string {
    return this.masked();
  }

  [inspect.custom](): string {
    return this.masked();
  }
}

function isIn(countries: Countries, country: string): boolean {
  return country !== '' && (countries === 'all' || countries.includes(country));
}

/** Sending a message asks several times for the country of its number. Small, so that numbers stay in memory only while they are worked on. */
const countries = new LRUCache<string, { readonly country: string | undefined }>({ max: 100 });

/**
 * The digits, with a +, of a text that is spelled like a number and is none by today's plan of its country; undefined for any other text, also for a
 * number of another type of line. Only to look up what is stored already: plans change with the library, and an account may be older.
 */
export function formerNumber(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS || !spelling.test(text)) return undefined;
  const digits = text.replace(/[^0-9]/g, '');
  if (digits.length < 7 || digits.length > 15) return undefined;
  const isPresent = parsePhoneNumberFromString(`+${digits}`, { extract: false })?.isValid() === true;
  return isPresent ? undefined : `+${digits}`;
}

/** ISO 3166 region of an E.164 number; undefined for one that belongs to none, such as a satellite phone. */
export function countryOf(e164: string): string | undefined {
  const known = countries.get(e164) ?? { country: parsePhoneNumberFromString(e164)?.country };
  countries.set(e164, known);
  return known.country;
}

/** "+12025550123" as "+1******0123": country calling code, a star per hidden digit, last four. */
export function maskPhone(e164: string): string {
  return masked(e164, callingCodeOf(e164));
}

/** No calling code is the beginning of another (ITU-T E.164), so it is found by comparing; other ways would parse the number. */
function callingCodeOf(e164: string): string {
  const codes = (callingCodes ??= new Set<string>(getCountries().map((country) => getCountryCallingCode(country))));
  const ofCountry = [1, 2, 3].map((digits) => e164.slice(1, 1 + digits)).find((digits) => codes.has(digits));
  return ofCountry ?? parsePhoneNumberFromString(e164)?.countryCallingCode ?? '';
}

function masked(e164: string, callingCode: string): string {
  const national = e164.slice(1 + callingCode.length);
  const visible = national.length > VISIBLE_DIGITS ? VISIBLE_DIGITS : 0;
  return `+${callingCode}${'*'.repeat(national.length - visible)}${national.slice(national.length - visible)}`;
}
