// F23, F13: an instance is stopped while a vendor takes almost its five seconds for a message, and as many again wait for a place there. What
// has been handed over is seen through; what has not is another instance's. Nobody gets a second message.
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS_OFF } from '../../races/burst';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { JOBS } from '../../support/queue';
import { requestsTo, setFault } from '../../support/simulator-control';

/** The vendor is called twenty times at a time. */
const SENDS = 35;
const SLOW_MS = 4500;

describe('a stop while a vendor is slow', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances: 2, env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  it('F23: each message goes out once, and none is lost', async () => {
    await setFault(system, 'telnyx', { kind: 'delay', ms: SLOW_MS });
    const people = Array.from({ length: SENDS }, () => new Person(system, nextPhone(), undefined, system.apis[1]));
    for (const person of people) expect((await person.register()).status).toBe(202);
    while ((await requestsTo(system, 'telnyx', 'POST')).length < 20) await sleep(10);
    expect(await system.kill(1, 'SIGTERM')).toBe(0);
    while (((await system.database.query(`SELECT FROM ${JOBS}`)).rowCount ?? 0) > 0) await sleep(50);
    const received = await Promise.all(people.map(({ phone }) => system.phone.messages(phone)));
    expect(received.map((messages) => messages.length)).toEqual(people.map(() => 1));
  });
});
