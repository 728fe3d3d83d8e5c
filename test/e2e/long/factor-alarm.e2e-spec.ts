// The global ratio of failed second factors (security.md 5.4): counted over all people and instances, raised and ended on both, told once;
// and the gate that it shuts.
import type { ApiClient } from '../../support/api-client';
import { cliRecords } from '../../support/cli';
import { gateAt, passage, type GatedAnswer, solve } from '../../support/gate';
import { startSystem, type System } from '../../support/instance';
import { Operator } from '../../support/operator';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../../support/person';
import { burst, LIMITS_OFF } from '../../races/burst';

const WINDOW_SECONDS = 600;
/** A look is remembered for 5 s. */
const LOOK_SECONDS = 6;
const LEAST = 10;
const ALARMS = '/v1/admin/alarms';
const nextPhone = phoneNumbers();
interface AlarmsBody {
  readonly secondFactors: { readonly raisedAt: string | null };
}

let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  const alarm = { CHALLENGE_GATE: 'alarm', CHALLENGE_GATE_DIFFICULTY: '8', FACTOR_ALARM: `${LEAST}/10m` };
  system = await startSystem({ instances: 2, env: { ...LIMITS_OFF, ...alarm } });
  [here, there] = system.both;
});
afterAll(() => system.stop());

async function told(): Promise<[string, string][]> {
  const sql = `SELECT event, reason FROM audit_log WHERE event IN ('second_factor_alarm_raised', 'second_factor_alarm_ended') ORDER BY id`;
  const { rows } = await system.database.query<{ event: string; reason: string }>(sql);
  return rows.map(({ event, reason }) => [event.replace('second_factor_alarm_', ''), reason]);
}

const lines = () => system.logs().match(/"event":"alarm","name":"second_factor_failures"/g)?.length ?? 0;
const register = (api: ApiClient, extra: object = {}): Promise<GatedAnswer> =>
  api.post('/v1/auth/register', { phone: nextPhone(), password: PASSWORD, ...extra });

/** As both instances see it 5 s later, each asked ten times at the same moment. */
async function shut(): Promise<boolean[]> {
  system.clock.advance(LOOK_SECONDS);
  const gates = await burst(system, 20, async (api) => (await gateAt(api, 'register')) !== null);
  const seen = [gates.filter((_, index) => index % 2 === 0), gates.filter((_, index) => index % 2 === 1)];
  for (const each of seen) expect(new Set(each).size).toBe(1);
  return seen.flatMap(([gate]) => gate ?? []);
}

/** So many wrong codes, five for each login, in turns on both instances. */
async function fail(person: Person, count: number): Promise<void> {
  for (let done = 0; done < count; done += 5) {
    system.clock.advance(31);
    const { token, code } = await person.challenged('login');
    for (const [index, wrong] of wrongCodes(code, Math.min(5, count - done)).entries()) {
      const { status } = await new Person(system, '', '', index % 2 === 0 ? here : there).verify(token, wrong);
      expect(status).toBe(401);
    }
  }
}

async function succeed(person: Person, count: number): Promise<void> {
  // A code that was not entered keeps the next one waiting.
  system.clock.advance(31);
  for (let done = 0; done < count; done += 1) await person.again();
}

let person: Person;

it('half of the codes being wrong is no alarm, one more is: on both instances, told once, with the gate shut', async () => {
  person = new Person(system, nextPhone());
  await person.joined();
  await succeed(person, LEAST / 2 - 1);
  await fail(person, LEAST / 2);
  expect(await shut()).toEqual([false, false]);
  expect(await told()).toEqual([]);
  await fail(person, 1);
  expect(await shut()).toEqual([true, true]);
  expect(await told()).toEqual([['raised', `${LEAST / 2 + 1} of ${LEAST + 1} attempts failed`]]);
  expect(lines()).toBe(1);
});

it('the gate is the puzzle then; who solves it registers, and who is known logs in as ever', async () => {
  const refused = await register(there);
  expect(passage(refused)).toBe('403 gate_required required');
  expect(passage(await register(here, { gateToken: solve(refused.body.gate) }))).toBe('202');
  await succeed(person, 1);
});

it('an operator sees it, on either instance and on the command line', async () => {
  const gate = { mode: 'alarm', kind: 'proof_of_work', shut: true };
  const answers = await Promise.all(
    [0, 1].map((instance) => new Operator(system, system.adminKey, instance).ask('GET', ALARMS)),
  );
  for (const { body } of answers) {
    const { secondFactors } = body as unknown as AlarmsBody;
    expect(body).toMatchObject({ secondFactors: { failed: LEAST / 2 + 1 }, gate });
    expect(Date.parse(secondFactors.raisedAt ?? '')).toBeLessThan(system.clock.now().getTime());
  }
  const [told] = await cliRecords(system.env, 'alarms', 'show');
  expect(told).toMatchObject({ failed: LEAST / 2 + 1, gateMode: 'alarm', gateShut: true });
});

it('it lasts a window at least, and then while more than a quarter is wrong; it ends once, and the gate is open', async () => {
  await succeed(person, 3 * LEAST);
  expect(await shut()).toEqual([true, true]);
  // Each instance also looks by itself, at any moment: before the window is over it finds no reason to end, after it these.
  system.clock.advance(WINDOW_SECONDS / 2);
  await succeed(person, LEAST);
  await fail(person, 5);
  system.clock.advance(WINDOW_SECONDS / 2);
  expect(await shut()).toEqual([true, true]);
  await succeed(person, LEAST);
  expect(await shut()).toEqual([false, false]);
  expect((await told()).map(([event]) => event)).toEqual(['raised', 'ended']);
  expect(passage(await register(here))).toBe('202');
  expect(lines()).toBe(1);
});
