// A33, N4: one token of a trusted device many times at the same moment on two instances, and against what ends it. What counts is what
// the database holds afterwards.
import { changePassword, NEW_PASSWORD } from '../../support/credentials';
import { cameTo, type DeviceAnswer, devicesOf, endDevice, loginFrom, withDevice } from '../../support/devices';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers } from '../../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  RACE_TIMEOUT_MS,
  rounds,
  untilMet,
  untilWaiting,
} from '../burst';

/** With that of the registration no more sessions than a person may have. */
const PARALLEL = 8;
/** Of twice as many, so that more than ten sessions come of them. */
const MEET = 12;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = { ...LIMITS_OFF, LIMIT_SMS_DESTINATION: '100/1h', JWT_ISSUER: 'https://id.example' };
  system = await startSystem({ instances: 2, env });
});
afterAll(() => system.stop());

const loginAt = (person: Person, device: string, index: number): Promise<DeviceAnswer> =>
  loginFrom(new Person(system, person.phone, person.password, system.apis[index % 2]), device);
const kinds = (answers: readonly DeviceAnswer[]) => [...new Set(answers.map(cameTo))].sort();
/** Most of it waits for the account's row, so that none of it sees what the others do. */
async function held<T>(phone: string, work: () => Promise<T>): Promise<T> {
  const client = await system.database.connect();
  let done: Promise<T> | undefined;
  try {
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM users WHERE phone = $1 FOR UPDATE', [phone]);
    done = work();
    await untilWaiting(system, MEET);
    await client.query('COMMIT');
    return await done;
  } finally {
    client.release(true);
    await done?.catch(() => undefined);
  }
}
const successors = (answers: readonly DeviceAnswer[]) =>
  new Set(answers.flatMap(({ body }) => body.trustedDeviceToken ?? []));

it(
  'A33: the same token in parallel: everybody is in, with one successor, and the device is alive',
  () =>
    rounds(5, async () => {
      const person = new Person(system, nextPhone());
      const { device } = await withDevice(person);
      const answers = await burst(system, PARALLEL, (_, index) => loginAt(person, device, index));
      expect(kinds(answers).filter((each) => each !== 'tokens' && !BUSY.includes(each))).toEqual([]);
      const [next, ...more] = successors(answers);
      expect(more).toEqual([]);
      const made = answers.filter(({ status }) => status === 200).length;
      const sessions = `SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = $1 AND 'td' = ANY (s.amr)`;
      expect(await numberOf(system, sessions, [person.phone])).toBe(made);
      expect(cameTo(await loginAt(person, next ?? '', 0))).toBe('tokens');
    }),
  RACE_TIMEOUT_MS,
);

it(
  'A38: sign-ins in parallel that do not see each other leave ten sessions, however few there were before',
  () =>
    rounds(3, () =>
      untilMet(async () => {
        const person = new Person(system, nextPhone());
        const { device } = await withDevice(person);
        const answers = await held(person.phone, () =>
          burst(system, 2 * PARALLEL, (_, index) => loginAt(person, device, index)),
        );
        const made = answers.filter(({ status }) => status === 200).length;
        const living = `SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = $1 AND s.revoked_at IS NULL`;
        expect(await numberOf(system, living, [person.phone])).toBe(Math.min(10, made + 1));
      }),
    ),
  RACE_TIMEOUT_MS,
);

it(
  'N4: ended while it is used: afterwards neither the token nor a successor that was given meanwhile signs in',
  () =>
    rounds(5, async () => {
      const person = new Person(system, nextPhone());
      const { tokens, device } = await withDevice(person);
      const [listed] = await devicesOf(system.api, tokens.accessToken);
      const ending = endDevice(system.apis[1]!, tokens.accessToken, listed?.id ?? '');
      const answers = await burst(system, PARALLEL, (_, index) => loginAt(person, device, index));
      expect((await ending).status).toBe(204);
      expect(kinds(answers).filter((each) => !['tokens', 'challenge', ...BUSY].includes(each))).toEqual([]);
      for (const each of [device, ...successors(answers)])
        expect(cameTo(await loginAt(person, each, 0))).toBe('challenge');
    }),
  RACE_TIMEOUT_MS,
);

it(
  'A42: the password is changed while it is used: afterwards nothing of the old password lives, device or session',
  () =>
    rounds(5, async () => {
      const person = new Person(system, nextPhone());
      const { tokens, device } = await withDevice(person);
      const changing = changePassword(system.apis[1]!, tokens.accessToken, person.password);
      const answers = await burst(system, PARALLEL, (_, index) => loginAt(person, device, index));
      expect((await changing).status).toBe(204);
      const late = new Person(system, person.phone, NEW_PASSWORD);
      for (const each of [device, ...successors(answers)])
        expect(cameTo(await loginAt(late, each, 0))).toBe('challenge');
      const living = `SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id AND u.auth_epoch = s.auth_epoch
                       WHERE u.phone = $1 AND 'td' = ANY (s.amr) AND s.revoked_at IS NULL`;
      expect(await numberOf(system, living, [person.phone])).toBe(0);
    }),
  RACE_TIMEOUT_MS,
);

/** Done while the account's row is another's. */
async function whileHeld<T>(phone: string, meanwhile: string, work: () => Promise<T>): Promise<T> {
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    await client.query(`UPDATE users SET ${meanwhile} WHERE phone = $1`, [phone]);
    const done = work();
    await untilWaiting(system, 1);
    await client.query('COMMIT');
    return await done;
  } finally {
    client.release(true);
  }
}

it('RL-2: a hundredth wrong password that is recorded while the right one is looked at comes first', async () => {
  const person = new Person(system, nextPhone());
  const { device } = await withDevice(person);
  const fromDevice = await whileHeld(person.phone, 'password_failures = 100', () => loginAt(person, device, 0));
  expect(cameTo(fromDevice)).not.toBe('tokens');
  await person.alter('password_failures = 99');
  const withCode = await whileHeld(person.phone, 'password_failures = 100', () => person.login());
  expect(withCode.status).not.toBe(200);
});

it('N4: a session that ends at the moment of its sign-in leaves no trusted device', async () => {
  const person = new Person(system, nextPhone());
  await person.joined();
  await system.database.query(
    `CREATE FUNCTION end_at_once() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.revoked_at = NEW.created_at; RETURN NEW; END';
     CREATE TRIGGER end_at_once BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION end_at_once()`,
  );
  const { token, code } = await person.challenged('login');
  const { status, body } = await person.verify(token, code, { trustDevice: true });
  await system.database.query('DROP FUNCTION end_at_once CASCADE');
  expect([status, body.trustedDeviceToken]).toEqual([200, undefined]);
  expect(
    await numberOf(
      system,
      'SELECT count(*)::int AS n FROM trusted_devices d JOIN users u ON u.id = d.user_id WHERE u.phone = $1',
      [person.phone],
    ),
  ).toBe(0);
});

it('leaves no deadlock, no failed statement and nothing half done', async () => {
  expect(databaseErrors(system)).toEqual([]);
  expect(await brokenRules(system.database)).toEqual({});
});
