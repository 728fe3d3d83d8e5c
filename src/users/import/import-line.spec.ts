import { type FieldRules, readFields } from './import-fields';
import { accountOf, type ImportedAccount, type LineRules } from './import-line.policy';
import type { ImportSettings } from './user-import.types';

const now = new Date('2026-05-04T03:02:01Z');
const plain: FieldRules = { renamed: new Map(), ignoresUnknown: false };

const settings: ImportSettings = {
  format: 'jsonl',
  delimiter: ',',
  renamed: {},
  ignoreUnknown: false,
  trustEmails: false,
  keepIds: false,
  withoutPassword: false,
  mustChange: false,
  firebaseConfig: undefined,
};

function rules(more: Partial<ImportSettings> = {}): LineRules {
  return {
    settings: { ...settings, ...more },
    now,
    phone: (text) => (text.startsWith('+') ? text.replaceAll(' ', '') : undefined),
    password: ({ passwordHash }) =>
      passwordHash === undefined
        ? { code: 'password_hash_missing' }
        : { stored: `sealed ${JSON.stringify(passwordHash)}` },
    newId: () => 'new-id',
  };
}

/** @returns the account of a line of JSON, or the code it is refused with */
function read(line: string | Buffer, more: Partial<ImportSettings> = {}, fields = plain): ImportedAccount | string {
  const found = readFields(typeof line === 'string' ? Buffer.from(line) : line, fields, undefined);
  const account = found.ok ? accountOf(found.fields, rules(more)) : found;
  return account.ok ? account.account : account.code;
}

const person = (more: object = {}): string => JSON.stringify({ phone: '+1 415 2', passwordHash: 'h', ...more });

it('takes what is there, and fills in the rest with the time of the import', () => {
  expect(read(person())).toEqual({
    id: 'new-id',
    phone: '+14152',
    email: null,
    emailVerifiedAt: null,
    displayName: null,
    locale: null,
    status: 'active',
    mustChange: false,
    createdAt: now,
    lastAuthenticatedAt: now,
    passwordHash: 'sealed "h"',
  });
});

it('believes a verified address, an id and a need to change only when it is told to', () => {
  const id = '0190163D-8694-739B-AEA5-966C26F8AD91';
  const line = person({ id, email: ' Ann@Example.com ', emailVerified: true });
  expect(read(line)).toMatchObject({
    id: 'new-id',
    email: 'ann@example.com',
    emailVerifiedAt: null,
    mustChange: false,
  });
  const told = { trustEmails: true, keepIds: true, mustChange: true };
  expect(read(line, told)).toMatchObject({ id: id.toLowerCase(), emailVerifiedAt: now, mustChange: true });
  expect(read(person({ emailVerified: true }), told)).toMatchObject({ email: null, emailVerifiedAt: null });
  expect(read(person({ mustChangePassword: '1', status: 'disabled' }))).toMatchObject({
    mustChange: true,
    status: 'disabled',
  });
});

it('takes a name of a hundred characters, however many code units they are, as registration does', () => {
  const displayName = '🦊'.repeat(100);
  expect(read(person({ displayName }))).toMatchObject({ displayName });
  expect(read(person({ displayName: `${displayName}!` }))).toBe('display_name_invalid');
});

it.each([
  ['2021-05-04', '2021-05-04T00:00:00.000Z'],
  ['2021-05-04T03:02:01Z', '2021-05-04T03:02:01.000Z'],
  ['2021-05-04 03:02:01.5', '2021-05-04T03:02:01.500Z'],
  ['2021-05-04T03:02:01+02:00', '2021-05-04T01:02:01.000Z'],
  [1486324170000, '2017-02-05T19:49:30.000Z'],
  ['1486324170000', '2017-02-05T19:49:30.000Z'],
  ['2026-05-05T03:02:01Z', '2026-05-05T03:02:01.000Z'], // a day ahead of us, as a clock may be
])('reads the time %s', (createdAt, expected) => {
  expect(read(person({ createdAt }))).toMatchObject({ createdAt: new Date(expected) });
});

it.each([
  ['encoding_invalid', Buffer.from([0x7b, 0xff, 0x7d])],
  ['json_malformed', ''],
  ['json_malformed', 'null'],
  ['json_malformed', '[1]'],
  ['json_malformed', '"+1415"'],
  ['json_malformed', '{"phone":"+1415",}'],
  ['json_malformed', `${'['.repeat(30_000)}`],
  ['json_malformed', '\u0000\u0001\u0002'],
  ['field_unknown', person({ isAdmin: true })],
  ['field_unknown', '{"__proto__":{"phone":"+1415"}}'],
  ['field_unknown', '{"constructor":1}'],
  ['phone_missing', '{}'],
  ['phone_missing', '{"phone":null}'],
  ['phone_missing', '{"phone":""}'],
  ['phone_not_supported', '{"phone":14155550100}'],
  ['phone_not_supported', '{"phone":{"toString":"x"}}'],
  ['email_invalid', person({ email: 'nobody' })],
  ['email_invalid', person({ email: 'a@b.example\u0000' })],
  ['email_invalid', person({ email: `${'a'.repeat(255)}@b.example` })],
  ['email_invalid', '{"phone":"+1415","email":"\\ud800@b.example"}'],
  ['email_verified_invalid', person({ emailVerified: 'yes' })],
  ['display_name_invalid', person({ displayName: 'a\nb' })],
  ['display_name_invalid', person({ displayName: 'x'.repeat(101) })],
  ['display_name_invalid', person({ displayName: ['x'] })],
  ['locale_invalid', person({ locale: 'german' })],
  ['locale_invalid', person({ locale: `de${'-abcdefgh'.repeat(4)}` })],
  ['status_invalid', person({ status: 'admin' })],
  ['must_change_password_invalid', person({ mustChangePassword: 2 })],
  ['created_at_invalid', person({ createdAt: 'yesterday' })],
  ['created_at_invalid', person({ createdAt: '2021-13-01' })],
  ['created_at_invalid', person({ createdAt: '2026-05-05T03:02:02Z' })],
  ['created_at_invalid', person({ createdAt: -1 })],
  ['created_at_invalid', person({ createdAt: 1e300 })],
  ['created_at_invalid', person({ createdAt: 1_486_324_170 })], // seconds
  ['created_at_invalid', person({ createdAt: '1486324170' })],
  ['created_at_invalid', person({ createdAt: 1_486_324_170.5 })],
  ['last_authenticated_at_invalid', person({ lastAuthenticatedAt: 1_486_324_170 })],
  ['last_authenticated_at_invalid', person({ lastAuthenticatedAt: 0 })],
  ['last_authenticated_at_invalid', person({ lastAuthenticatedAt: true })],
  ['password_hash_missing', '{"phone":"+1415"}'],
])('refuses with %s: %s', (code, line) => {
  expect(read(line)).toBe(code);
});

it('an id has to be a UUID where ids are kept', () => {
  expect(read(person({ id: '42' }))).toMatchObject({ id: 'new-id' });
  expect(read(person({ id: '42' }), { keepIds: true })).toBe('id_invalid');
});

it('reads fields by the names they have there, and passes over others when told to', () => {
  const renamed = new Map([['tel', 'phone']]);
  const line = JSON.stringify({ tel: '+1415', passwordHash: 'h', shoeSize: 43 });
  expect(read(line, {}, { renamed, ignoresUnknown: false })).toBe('field_unknown');
  expect(read(line, {}, { renamed, ignoresUnknown: true })).toMatchObject({ phone: '+1415' });
  const twice = JSON.stringify({ tel: '+1415', phone: '+1416' });
  expect(read(twice, {}, { renamed, ignoresUnknown: true })).toBe('field_twice');
});

describe('CSV', () => {
  const table = { delimiter: ';', columns: ['phone', 'displayName'] };
  const csv = (line: string) => readFields(Buffer.from(line), plain, table);

  it.each([
    ['+1415;Ann', 'Ann'],
    ['"+1415";"Ann ""B."" C; D"', 'Ann "B." C; D'],
    ['+1415;"a\nb"', 'a\nb'],
  ])('takes quotes and line ends as RFC 4180 does: %j', (line, displayName) => {
    expect(csv(line)).toEqual({ ok: true, fields: { phone: '+1415', displayName } });
  });

  it('takes an empty field for one that is not there', () => {
    expect(csv('+1415;')).toEqual({ ok: true, fields: { phone: '+1415' } });
  });

  it.each(['+1415', '+1415;a;b', '+1415;"a', '+1415;a"b', '+1415;"a"b', '"', '+1;a\n+2;b'])(
    'refuses %j as malformed',
    (line) => {
      expect(csv(line)).toEqual({ ok: false, code: 'csv_malformed' });
    },
  );
});
