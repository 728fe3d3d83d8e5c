// Numbers for app-store reviewers and continuous integration (A19): a fixed code, nothing sent, in all flows and with every kind of
// vendor, until the end of the day that was named. How often a code may be guessed is limited as for everybody.
import type { ChallengeBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, Person, phoneNumbers } from '../support/person';
import { requestsTo } from '../support/simulator-control';

const REVIEWER = '+15005550006';
const ROBOT = '+14152990001';
const DAY_SECONDS = 86_400;

const lastDay = (days: number) => new Date(Date.now() + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
const nextPhone = phoneNumbers();

describe.each(['telnyx', 'infobip-2fa'])('test numbers with %s', (provider) => {
  let system: System;

  beforeAll(async () => {
    const day = lastDay(2);
    const env = { TEST_PHONES: `${REVIEWER}=424242@${day}, ${ROBOT}=0077@${day}`, SMS_COUNTRIES: 'US' };
    system = await startSystem({ provider, env: { ...env, LIMIT_FACTOR_ACCOUNT: '10/1h' } });
  });

  afterAll(() => system.stop());

  const reviewer = () => new Person(system, REVIEWER, `${PASSWORD}-2`);

  async function challenge(person: Person, route: 'register' | 'login'): Promise<string> {
    const { status, body } = await (route === 'register' ? person.register() : person.login());
    expect(status).toBe(route === 'register' ? 202 : 200);
    await person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
    return body.challengeToken;
  }

  async function nothingSent(phone: string): Promise<void> {
    expect(await system.phone.messages(phone)).toEqual([]);
    const requests = await requestsTo(system, provider);
    expect(requests.filter(({ body }) => body.includes(phone.slice(1)))).toEqual([]);
  }

  it('registers and logs in with the fixed code; nothing is sent, nothing is spent', async () => {
    const person = new Person(system, REVIEWER);
    const registered = await person.register();
    expect(registered.body.codeLength).toBe(6);
    await person.statusWhen(registered.body.challengeToken, ({ delivery }) => delivery === 'sent');
    expect((await person.verify(registered.body.challengeToken, '424243')).body.attemptsLeft).toBe(4);
    expect((await person.verify(registered.body.challengeToken, '424242')).status).toBe(200);
    const login = await challenge(person, 'login');
    system.clock.advance(31);
    expect((await person.resend(login)).status).toBe(202);
    await person.statusWhen(login, ({ delivery }) => delivery === 'sent');
    expect((await person.verify(login, '424242')).status).toBe(200);
    expect((await person.verify(login, '424242')).body.code).toBe('code_expired');
    system.clock.advance(31);
    const forgot = await system.api.post<ChallengeBody>('/v1/auth/password/forgot', { identifier: REVIEWER });
    const { challengeToken } = forgot.body;
    const reset = { challengeToken, code: '424242', newPassword: `${PASSWORD}-2` };
    expect((await system.api.post('/v1/auth/password/reset', reset)).status).toBe(204);
    await nothingSent(REVIEWER);
    expect((await system.database.query('SELECT scope FROM spend_windows')).rows).toEqual([]);
  });

  it('each number has its own code, of its own length, and nobody else has either', async () => {
    const robot = new Person(system, ROBOT);
    const token = await challenge(robot, 'register');
    expect((await robot.status(token)).codeLength).toBe(4);
    expect((await robot.verify(token, '424242')).body.code).toBe('code_invalid');
    const { accessToken } = (await robot.verify(token, '0077')).body;
    const { body } = await system.api.post<ChallengeBody>(
      '/v1/auth/step-up',
      { password: PASSWORD },
      { token: accessToken },
    );
    expect((await robot.verify(body.challengeToken, '0077')).status).toBe(200);
    await nothingSent(ROBOT);
    const other = new Person(system, nextPhone());
    const { token: others, code } = await other.challenged('register');
    for (const fixed of ['424242', '0077']) expect((await other.verify(others, fixed)).status).not.toBe(200);
    expect((await other.verify(others, code)).status).toBe(200);
  });

  it('a number that is taken stays taken: to register it again is a decoy, and its owner is sent no notice', async () => {
    system.clock.advance(600);
    const token = await challenge(new Person(system, REVIEWER), 'register');
    expect((await new Person(system, REVIEWER).verify(token, '424242')).body.code).toBe('code_invalid');
    await nothingSent(REVIEWER);
  });

  it('guesses are limited as for everybody', async () => {
    const person = reviewer();
    for (let round = 0; round < 2; round += 1) {
      system.clock.advance(31);
      const token = await challenge(person, 'login');
      for (let n = 0; n < 5; n += 1) await person.verify(token, `10000${n}`);
    }
    system.clock.advance(31);
    const token = await challenge(person, 'login');
    expect((await person.verify(token, '424242')).body.code).toBe('second_factor_locked');
    system.clock.advance(3601);
  });

  it('A19: is loud in the log, and the codes are not in it', () => {
    const lines = system
      .logs()
      .split('\n')
      .filter((line) => line.includes('TEST_PHONES'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('"level":"warn"');
    expect(lines[0]).toContain('takes a fixed code and is sent nothing');
    expect(system.logs()).not.toContain('424242');
  });

  it('is over at the end of the day that was named', async () => {
    const person = reviewer();
    const robot = new Person(system, ROBOT);
    const end = Date.parse(`${lastDay(2)}T00:00:00Z`) + DAY_SECONDS * 1000;
    system.clock.advance((end - system.clock.now().getTime()) / 1000 - 60);
    const [late, robots] = [await challenge(person, 'login'), await challenge(robot, 'login')];
    expect((await robot.verify(robots, '0077')).status).toBe(200);
    system.clock.advance(61);
    expect((await person.verify(late, '424242')).status).not.toBe(200);
    // A number like any other again: one is a line that takes messages, the other none at all.
    expect((await person.register()).body.code).toBe('phone_not_supported');
    const { token, code } = await robot.challenged('login');
    expect((await robot.verify(token, '0077')).status).not.toBe(200);
    expect((await robot.verify(token, code)).status).toBe(200);
  });
});
