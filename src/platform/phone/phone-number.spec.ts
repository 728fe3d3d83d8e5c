import { inspect } from 'node:util';
import fc from 'fast-check';
import { maskPhone, PhoneNumber } from './phone-number';

const all = { countries: 'all' } as const;
const usAndGb = { countries: ['US', 'GB'] };
const parse = (text: string) => PhoneNumber.parse(text, all)?.e164;

describe('A58: a number we would pay for and nobody could read is refused', () => {
  it.each([
    ['premium rate', '+19005550123'],
    ['international premium rate', '+979123456789'],
    ['satellite', '+8811234567'],
    ['satellite', '+881612345678'],
    ['international network', '+88213123456'],
    ['international network', '+883510012345'],
    ['toll free', '+18005550123'],
    ['United Kingdom personal number', '+447012345678'],
    ['no such country', '+99912345678'],
    ['too short', '+1202'],
    ['too long', '+120255501234567'],
    ['fixed line only', '+442079460123'],
    ['not in use', '+447700900123'],
  ])('%s %s', (_kind, text) => {
    expect(PhoneNumber.parse(text, all)).toBeUndefined();
  });

  it('decides by region and not by dial code: a Canadian number is not served by a list of US and GB', () => {
    expect(PhoneNumber.parse('+14165550123', all)?.country).toBe('CA');
    expect(PhoneNumber.parse('+14165550123', usAndGb)).toBeUndefined();
    expect(PhoneNumber.parse('+12025550123', usAndGb)?.country).toBe('US');
    expect(PhoneNumber.parse('+67570123456', all)?.country).toBe('PG');
    expect(PhoneNumber.parse('+67570123456', usAndGb)).toBeUndefined();
    expect(PhoneNumber.parse('+12025550123', { countries: [] })).toBeUndefined();
  });
});

describe('A63: a phone is one recipient or nothing', () => {
  it.each([
    '+12025550123,+447911123456',
    '+12025550123\n',
    '+12025550123\r\nBcc: +447911123456',
    '+12025550123&to=+447911123456',
    '+12025550123;ext=1',
    '+12025550123;phone-context=+44',
    '+12025550123 x12',
    'tel:+12025550123',
    '+1202555O123',
    '%2B12025550123',
    '+1202555\u06600123',
    '\uff0b12025550123',
    '++12025550123',
    '+12025550123+',
    '2025550123',
    '0012025550123',
    '',
    '+',
    `+12025550123${' '.repeat(21)}`,
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

describe('spellings', () => {
  it('reads an optional trunk zero as the same number', () => {
    expect(parse('+44 (0)7911 123456')).toBe('+447911123456');
  });

  it('gives many spellings of one number the same E.164', () => {
    const numbers = fc.constantFrom(
      '+12025550123',
      '+447911123456',
      '+4915112345678',
      '+33612345678',
      '+5511961234567',
    );
    const fillers = fc.array(fc.constantFrom('', '', '', ' ', '-', '.', '(', ')'), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(numbers, fillers, (number, between) => {
        const spelled = [...number].map((character, i) => character + (between[i] ?? '')).join('');
        expect(parse(spelled)).toBe(spelled.length > 32 ? undefined : number);
      }),
    );
  });

  it('is a fixed point: whatever is accepted reads as itself', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 15 });
    fc.assert(
      fc.property(digits, (ds) => {
        const e164 = parse(`+${ds.join('')}`);
        if (e164 === undefined) return;
        expect(e164).toMatch(/^\+[1-9][0-9]{6,14}$/);
        expect(parse(e164)).toBe(e164);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('masking', () => {
  // ASVS 14.2.6
  it.each([
    ['+12025550123', '+1******0123'],
    ['+447911123456', '+44******3456'],
    ['+37254123', '+372*4123'],
    ['+9991', '+****'],
  ])('shows of %s the calling code and the last four only: %s', (e164, expected) => {
    expect(maskPhone(e164)).toBe(expected);
  });

  it('does not print the number by accident', () => {
    const phone = PhoneNumber.parse('+12025550123', all);
    expect(`${String(phone)} ${JSON.stringify({ phone })}`).toBe('+1******0123 {"phone":"+1******0123"}');
    expect(phone?.nationalDigits).toBe('2025550123');
    expect(inspect(phone)).not.toContain('2025550123');
  });
});
