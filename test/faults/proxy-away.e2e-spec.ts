// A pooling proxy that is away while the database itself is not: heartbeats, which go past it, call out what is overdue, and the queue would
// run what is under way a second time (ADR 89, F13).
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { Person, phoneNumbers } from '../support/person';
import { idle } from '../support/queue';
import { called, setFault } from '../support/simulator-control';
import { TcpProxy } from '../support/tcp-proxy';

describe('DATABASE_URL away, DATABASE_DIRECT_URL not', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let proxy: TcpProxy;

  beforeAll(async () => {
    system = await startSystem();
    proxy = await TcpProxy.to(system.databaseUrl);
    const env = { DATABASE_URL: proxy.through(system.databaseUrl), DATABASE_DIRECT_URL: system.databaseUrl };
    await system.restart(0, env);
  });

  afterAll(async () => {
    await system.stop();
    await proxy.close();
  });

  const posted = async (): Promise<{ kept: boolean } | undefined> =>
    (await system.database.query<{ kept: boolean }>('SELECT NOT is_called AND due_at > now() AS kept FROM job_outbox'))
      .rows[0];

  it('F13: a message that is under way stays with whoever began it, and goes out once', async () => {
    await setFault(system, 'telnyx', { kind: 'delay', ms: 4500, count: 1 });
    const person = new Person(system, nextPhone());
    const { body } = await person.register();
    await called(system, 'telnyx', 1);
    await proxy.become('refuse');
    await system.database.query(`UPDATE job_outbox SET due_at = now() - interval '1 s'`);
    await until(async () => (await posted())?.kept !== false, 'another sign of life of the job');
    expect(await posted()).toEqual({ kept: true });
    await proxy.become('pass');
    const code = await system.phone.codeFor(person.phone);
    await idle(system);
    expect(await system.phone.messages(person.phone)).toHaveLength(1);
    expect((await person.verify(body.challengeToken, code)).status).toBe(200);
  });
});
