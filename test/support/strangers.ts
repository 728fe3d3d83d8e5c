// Strangers who make us spend: each with a number in a block of their own and an address of their own, and what is on record and in the
// logs about what was refused (security.md 5.4).
import { AddressedClient, BELIEVES_ADDRESSES } from './addressed-client';
import type { System } from './instance';
import { type ChallengeAnswer, PASSWORD, Person } from './person';

export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** The numbers of security.md 5.4. */
export const SPEND_LIMITS = {
  ...BELIEVES_ADDRESSES,
  LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d',
  LIMIT_SMS_DESTINATION_ALL: '30/1d',
  LIMIT_SMS_ACCOUNT: '12/1d',
  LIMIT_SMS_ADDRESS: '10/1h',
  LIMIT_SMS_NEW_NUMBERS: '30/1h',
  LIMIT_SMS_PREFIX: '20/1h',
  LIMIT_SMS_UNVERIFIED: '30/1h,50/1d',
  LIMIT_SMS_COUNTRY: '500/1d',
  LIMIT_SMS_GLOBAL: '1000/1h,10000/1d',
  LIMIT_REGISTER_ADDRESS: '10/1h',
};

/** Each a country and its mobile numbers: seven digits are free. */
const COUNTRIES = { US: '+1415', GB: '+44791', DE: '+49151', FR: '+3362', ES: '+3461', IT: '+39320' } as const;
type Country = keyof typeof COUNTRIES;

let addresses = 0;
export function nextAddress(): string {
  addresses += 1;
  return `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

let blocks = 2000;
export function nextBlock(): number {
  blocks += 1;
  return 200 + (blocks % 700);
}

/** The n-th of ten thousand numbers of a block; with `nextBlock` one that no other case of the file uses. Three digits of the country are its own. */
export function numberIn(country: Country, block: number, n: number): string {
  const digits = { US: 7, GB: 7, DE: 8, FR: 7, ES: 7, IT: 7 }[country];
  return `${COUNTRIES[country]}${String(block)
    .padStart(digits - 4, '0')
    .slice(0, digits - 4)}${String(n).padStart(4, '0')}`;
}

export function strangerTo(system: System, phone: string, address = nextAddress()): Person {
  return new Person(system, phone, PASSWORD, new AddressedClient(system.api.url, address));
}

/** How many answers of each kind, such as `503 sms_budget_exhausted`. */
export function kinds(answers: readonly ChallengeAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = body.code === undefined ? String(status) : `${status} ${body.code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** One after the other: registers the n-th person. */
export async function registrations(count: number, person: (n: number) => Person): Promise<ChallengeAnswer[]> {
  const answers: ChallengeAnswer[] = [];
  for (let n = 0; n < count; n += 1) answers.push(await person(n).register());
  return answers;
}

/** Reasons on record for an event, oldest first. */
export async function reasonsOf(system: System, event: string): Promise<string[]> {
  const sql = 'SELECT reason FROM audit_log WHERE event = $1 ORDER BY at';
  return (await system.database.query<{ reason: string }>(sql, [event])).rows.map(({ reason }) => reason);
}

/** Lines of the log that raise this alarm. */
export function alarms(system: System, name: string): string[] {
  const lines = system.logs().split('\n');
  return lines.filter((line) => line.includes('"event":"alarm"') && line.includes(`"name":"${name}"`));
}
