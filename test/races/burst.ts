// Many requests at the same time, half to each instance, and what the answers and the logs amount to.
// Rounds: RACE_ROUNDS (npm run test:races sets 200); each case names how many it runs without it.
import type { ApiAnswer, ApiClient, ProblemBody, TokensBody } from '../support/api-client';
import { kind } from '../support/credentials';
import type { System } from '../support/instance';
import { waitingForLocks } from '../support/locks';
import { patiently } from '../support/patience';
import { Person, type TokensAnswer } from '../support/person';

/** Every limit that is friction or spends money: a case about one rule runs with the others off (design section 7). */
export const LIMITS_OFF: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'LIMIT_PASSWORD_ACCOUNT',
    'LIMIT_PASSWORD_ADDRESS',
    'LIMIT_FACTOR_ACCOUNT',
    'LIMIT_FACTOR_ADDRESS',
    'LIMIT_SMS_DESTINATION',
    'LIMIT_SMS_DESTINATION_ALL',
    'LIMIT_SMS_ADDRESS',
    'LIMIT_SMS_NEW_NUMBERS',
    'LIMIT_SMS_PREFIX',
    'LIMIT_SMS_UNVERIFIED',
    'LIMIT_SMS_COUNTRY',
    'LIMIT_SMS_GLOBAL',
    'LIMIT_SMS_ACCOUNT',
    'LIMIT_MAIL_DESTINATION',
    'LIMIT_MAIL_ACCOUNT',
    'LIMIT_REGISTER_ADDRESS',
    'LIMIT_RESET_ADDRESS',
    'LIMIT_RESET_DESTINATION',
    'LIMIT_UNAUTHENTICATED',
    'LIMIT_SESSION',
    'LIMIT_STATUS',
    'LIMIT_CLIENT_ADDRESS',
  ].map((name) => [name, 'off']),
);

/** Those of a number and an account stay: what the ledger compares with what was sent (test/support/ledger.ts). */
export const LIMITS_OFF_BUT_OF_NUMBERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(LIMITS_OFF).filter(([name]) => !/^LIMIT_SMS_(DESTINATION|ACCOUNT)/.test(name)),
);

/**
 * What a pool of 20 connections may answer to the last of a thousand requests: none came free, or none could be opened, in 2 s.
 * Nothing was looked at then.
 */
export const BUSY: readonly string[] = ['503 overloaded', '503 not_ready'];

/** At most so many milliseconds for all rounds of one case, other test files beside it on the same two cores. */
export const RACE_TIMEOUT_MS = process.env['RACE_ROUNDS'] === undefined ? patiently(240_000) : 3_600_000;

/** Returns false when a busy pool disturbed it, so that what it counts exactly was left out; a round that counts nothing so returns nothing. */
type Round = (number: number) => Promise<boolean | undefined> | Promise<void>;

/** @param without rounds in `npm test` @param atLeast rounds of a case that is asked for more than RACE_ROUNDS, when that is set */
export function rounds(without: number, round: Round, atLeast = 0): Promise<void> {
  const asked = process.env['RACE_ROUNDS'];
  return untilUndisturbed(round, asked === undefined ? without : Math.max(Number(asked), atLeast));
}

/** What untilWaiting throws: the machine was too busy for the race, so the round has shown nothing, neither good nor bad. */
class DidNotMeet extends Error {}
const ATTEMPTS_AT_A_ROUND = 5;

/** Runs so many rounds, and more while each was disturbed. @throws Error when all were: what they count exactly was never looked at */
export async function untilUndisturbed(round: Round, count = 1): Promise<void> {
  let wasDisturbed = true;
  for (let number = 1; number <= count || wasDisturbed; number += 1) {
    if (number === count + ATTEMPTS_AT_A_ROUND) throw new Error(`each of ${number - 1} rounds was disturbed`);
    if ((await round(number)) !== false) wasDisturbed = false;
  }
}

/** A round that begins with an account of its own, so that it can be run anew when its requests did not meet. */
export async function untilMet(round: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await round();
    } catch (error) {
      if (!(error instanceof DidNotMeet) || attempt === ATTEMPTS_AT_A_ROUND) throw error;
    }
  }
}

/** Starts all requests before any is answered; request n goes to instance n modulo their number. */
export function burst<T>(
  system: System,
  count: number,
  request: (api: ApiClient, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => request(system.apis[index % system.apis.length] ?? system.api, index)),
  );
}

export function verifyAt(api: ApiClient, challengeToken: string, code: string): Promise<TokensAnswer> {
  return api.post<TokensBody & ProblemBody>('/v1/auth/otp/verify', { challengeToken, code });
}

/** How many answers there are of each kind, by status and problem code: {"200": 1, "429 challenge_locked": 994}. */
export function tally(answers: readonly ApiAnswer<Partial<ProblemBody>>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[kind(answer)] = (counts[kind(answer)] ?? 0) + 1;
  return counts;
}

/** The kinds of answers that are not in the list. */
export function others(answers: readonly ApiAnswer<Partial<ProblemBody>>[], allowed: readonly string[]): string[] {
  return Object.keys(tally(answers)).filter((each) => !allowed.includes(each));
}

/** Whether none was turned away by a busy pool: only then do counts of answers add up exactly. */
export function undisturbed(answers: readonly ApiAnswer<Partial<ProblemBody>>[]): boolean {
  return Object.keys(tally(answers)).every((each) => !BUSY.includes(each));
}

/** One number, from SQL that names it n. */
export async function numberOf(system: System, sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await system.database.query<{ n: number }>(sql, [...values]);
  return rows[0]?.n ?? Number.NaN;
}

/** Until so many statements wait for somebody's lock. @throws DidNotMeet when they do not, shortly before one of them gives up */
export async function untilWaiting(system: System, count: number): Promise<void> {
  for (const until = performance.now() + 900; (await waitingForLocks(system.database)) < count;) {
    if (performance.now() > until) throw new DidNotMeet(`${count} requests do not wait`);
  }
}

/** Audit rows about the challenges and users of one phone. */
export function events(system: System, phone: string, event: string): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE c.phone = $1 AND a.event = $2`;
  return numberOf(system, sql, [phone, event]);
}

export function sessionsOf(system: System, phone: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = $1';
  return numberOf(system, sql, [phone]);
}

/** A person whose phone is proved, and a challenge of theirs with its code. */
export async function pending(
  system: System,
  phone: string,
  purpose: 'register' | 'login',
): Promise<{ person: Person; token: string; code: string }> {
  const person = new Person(system, phone);
  if (purpose === 'login') await person.joined();
  return { person, ...(await person.challenged(purpose)) };
}

/**
 * Lines of the logs that tell of a deadlock, of a statement that failed, or of a bug: there must be none. A wait that was cut
 * short by its time-out is load, answered 503; a deadlock is found long before (global-setup.ts).
 */
export function databaseErrors(system: System): string[] {
  const bad = /\b(40P01|40001|23505|23514)\b|deadlock|unhandled|"status":500|verify failed/i;
  return system
    .logs()
    .split('\n')
    .filter((line) => bad.test(line))
    .map((line) => line.slice(0, 2000));
}
