// F18: PostgreSQL is away, refusing or silent. Every decision fails closed and soon, and all is well again by itself.
import type { ApiAnswer, ApiClient, ProblemBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { until } from '../support/patience';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { type ProxyState, TcpProxy } from '../support/tcp-proxy';

/** What "soon" is on a machine however busy; that each answer comes while the database is still away is what counts. */
const SOON_MILLISECONDS = 20_000;
const STATUS_LIMIT = 40;
const nextPhone = phoneNumbers();

describe('the database away (F18)', () => {
  let system: System;
  let proxy: TcpProxy;
  let api: ApiClient;

  beforeAll(async () => {
    system = await startSystem({ env: { LIMIT_STATUS: `${STATUS_LIMIT}/1m` } });
    proxy = await TcpProxy.to(system.databaseUrl);
    await system.restart(0, { DATABASE_URL: proxy.through(system.databaseUrl) });
    api = system.api;
  });

  afterAll(async () => {
    await system.stop();
    await proxy.close();
  });

  const wellAgain = async (): Promise<number> => {
    const began = performance.now();
    await until(async () => (await api.get('/health/ready')).status === 200, 'readiness', 45_000, 50);
    return performance.now() - began;
  };

  const failedOf = async (phone: string): Promise<number> => {
    const { rows } = await system.database.query<{ failed: number }>(
      'SELECT failed FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1',
      [phone],
    );
    return rows[0]!.failed;
  };

  it.each<ProxyState>(['refuse', 'blackhole'])(
    'F18: %s: everything answers 503 with Retry-After, liveness stays, and it recovers by itself',
    async (state) => {
      const person = new Person(system, nextPhone());
      const { accessToken } = await person.joined();
      const { token, code } = await person.challenged('login');
      const wrong = wrongCodes(code, 5);
      expect((await person.verify(token, wrong[0])).body.attemptsLeft).toBe(4);
      expect((await person.verify(token, wrong[1])).body.attemptsLeft).toBe(3);

      await proxy.become(state);
      const began = performance.now();
      const answers: ApiAnswer<ProblemBody>[] = await Promise.all([
        person.verify(token, code),
        person.verify(token, wrong[2]),
        person.register(),
        person.login(),
        person.resend(token),
        api.post<ProblemBody>('/v1/auth/otp/status', { challengeToken: token }),
        api.get<ProblemBody>('/v1/users/me', { token: accessToken }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
      for (const { headers, body } of answers) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        expect(['not_ready', 'overloaded']).toContain(body.code);
      }
      expect(performance.now() - began).toBeLessThan(SOON_MILLISECONDS);
      expect((await api.get('/health/live')).status).toBe(200);
      expect((await api.get('/health/ready')).status).toBe(503);

      await proxy.become('pass');
      expect(await wellAgain()).toBeLessThan(SOON_MILLISECONDS);
      expect(await failedOf(person.phone)).toBeGreaterThanOrEqual(2);
      expect((await person.verify(token, code)).status).toBe(200);
      expect((await api.get('/v1/users/me', { token: accessToken })).status).toBe(200);
      // The queue as well: a message is on the phone, without a restart.
      const newcomer = new Person(system, nextPhone());
      await newcomer.register();
      await system.phone.codeFor(newcomer.phone);
      expect(await brokenRules(system.database)).toEqual({});
    },
  );

  it('F18: a limit does not open while the database is away: the one past it is refused, not served', async () => {
    system.clock.advance(120);
    const person = new Person(system, nextPhone());
    const { token } = await person.challenged('register');
    system.clock.advance(120);
    await proxy.become('refuse');
    const statuses: number[] = [];
    for (let n = 0; n < STATUS_LIMIT + 3; n += 1) {
      statuses.push((await api.post('/v1/auth/otp/status', { challengeToken: token })).status);
    }
    expect(statuses).toEqual([...Array<number>(STATUS_LIMIT).fill(503), 429, 429, 429]);
    await proxy.become('pass');
    await wellAgain();
  });

  it('F18: a verify that was cut off while it waited was not answered, and is counted or not, but never gives one back', async () => {
    system.clock.advance(120);
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await person.challenged('login');
    const wrong = wrongCodes(code, 5);
    let answered = 0;
    for (const [index, guess] of [...wrong, ...wrong].entries()) {
      const waiting = person.verify(token, guess);
      if (index % 2 === 1) await proxy.become('refuse');
      if ((await waiting).status === 401) answered += 1;
      await proxy.become('pass');
      await wellAgain();
    }
    expect(answered).toBeLessThanOrEqual(5);
    expect(await failedOf(person.phone)).toBeGreaterThanOrEqual(answered);
    expect(await brokenRules(system.database)).toEqual({});
  });

  it('F18: a connection that dies in the middle of a transaction ends that request, not the process', async () => {
    const as = { token: system.adminKey };
    expect((await system.admin.post('/v1/admin/clients', { clientId: 'held', name: 'Held' }, as)).status).toBe(201);
    const holder = await system.database.connect();
    try {
      await holder.query(`BEGIN; SELECT FROM api_clients WHERE client_id = 'held' FOR UPDATE`);
      const changing = system.admin.request('PATCH', '/v1/admin/clients/held', { name: 'Changed' }, as);
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      await until(async () => (await system.database.query(waiting)).rowCount !== 0, 'the change that waits');
      await proxy.become('refuse');
      expect((await changing).status).toBe(503);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    await proxy.become('pass');
    await wellAgain();
  });
});
