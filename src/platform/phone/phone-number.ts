// The only way to hold a phone number: canonical E.164 of a mobile line in a served country, or nothing (design section 2, A58).
// Invariant: every accepted spelling of one number gives the same e164, and parsing an e164 gives itself. Injection has no
// letters to use (A63): only + digits spaces and -.() are read at all.
import { inspect } from 'node:util';
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { LRUCache } from 'lru-cache';

/** ISO 3166 regions, or all. A region, not a dial code: +1 is the United States, Canada and twenty more. */
export type Countries = 'all' | readonly string[];

const MAX_CHARACTERS = 32;
const VISIBLE_DIGITS = 4;
const spelling = /^ *\+[0-9 ().-]+$/;
/** Made for the first number that is masked: it takes as long as two hundred numbers. */
let callingCodes: ReadonlySet<string> | undefined;
const reachable: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

export class PhoneNumber {
  private constructor(
    /** Canonical form: + and 7 to 15 digits. */
    readonly e164: string,
    /** ISO 3166 region; empty for a number that is exempt and belongs to none. */
    readonly country: string,
    private readonly callingCode: string,
  ) {}

  /**
   * @param rule.exempt numbers that need be of no kind and country
   * @returns undefined for any other string, an invalid number, another type of line or a country that is not served.
   */
  static parse(
    text: string,
    rule: { readonly countries: Countries; readonly exempt?: (e164: string) => boolean },
  ): PhoneNumber | undefined {
    if (text.length > MAX_CHARACTERS || !spelling.test(text)) return undefined;
    // A trunk prefix, as in +44 (0)7911, is dropped here. A number that is not valid has no type.
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

  /** Masked, so that a number put into a text or a log line by accident stays private; use e164 on purpose. */
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

/** A message asks for the country of its number again and again. As many as are under way at a time, no more: numbers are kept nowhere else. */
const countries = new LRUCache<string, { readonly country: string | undefined }>({ max: 100 });

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

/** No calling code begins with another one (ITU-T E.164), so that of a country is found without reading the number; others are. */
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
