// F21: an error that nobody caught ends the instance in which it happened, and nothing else: it is logged once, what is under way is
// answered, the exit code is 1 so that a supervisor starts it again, and the other instance serves. Made from outside, by a module that is
// loaded before ours; the product has no hook for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';
import { chanceOf } from '../../support/chance';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { patiently, until } from '../../support/patience';
import { phoneNumbers } from '../../support/person';
import { compared } from '../journal/comparison';
import { Journal } from '../journal/journal';
import { JournalClient } from '../journal/journal-client';
import { Clients } from '../journal/scene';
import { settled } from '../journal/settled';

const CLIENTS = 3;
const STOP_MILLISECONDS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bug-'));
const journal = new Journal(join(folder, 'journal'));
const nextPhone = phoneNumbers();
let system: System;

const BUGS = {
  'a promise that nobody handles': `Promise.reject(new Error('the bug'))`,
  'an error thrown in a timer': `setTimeout(() => { throw new Error('the bug'); }, 1)`,
};

beforeAll(async () => {
  system = await startSystem({ env: { ...LIMITS_OFF_BUT_OF_NUMBERS, JWT_ISSUER: 'https://id.example' } });
});
afterAll(async () => {
  await system.stop();
  journal.close();
  rmSync(folder, { recursive: true });
});

it.each(Object.entries(BUGS))(
  'F21, N1 to N11: %s: logged once, drained, exit 1; the other instance serves, and nothing is lost',
  async (name, bug) => {
    const hook = join(folder, `${name}.cjs`);
    writeFileSync(hook, `process.on('SIGUSR2', () => { ${bug}; ${bug}; });`);
    const start = () => system.restart(1, { NODE_OPTIONS: `--require "${hook}"` });
    await start();
    const clients = new Clients(
      Array.from(
        { length: CLIENTS },
        (_, at) => new JournalClient(system, journal, name, nextPhone, chanceOf(`${name} ${at}`)),
      ),
    );
    try {
      await clients.progress(3);
      const began = performance.now();
      const ended = system.kill(1, 'SIGUSR2');
      const ready = () => system.apis[1]?.get('/health/ready').catch(() => undefined);
      await until(async () => (await ready())?.status !== 200, 'the end of its readiness', 60_000, 1);
      expect((await system.api.get('/health/ready')).status).toBe(200);
      expect(await ended).toBe(1);
      expect(performance.now() - began).toBeLessThan(STOP_MILLISECONDS);
      const lines = system.logs().split('\n');
      const told = lines.filter((line) => line.includes('"level":"error"') && line.includes('the bug'));
      expect(told).toHaveLength(1);
      await start();
      await clients.progress(3);
    } finally {
      const { acknowledged, unexpected } = await clients.stop();
      expect([acknowledged > 0, unexpected]).toEqual([true, []]);
    }
    await settled(system.database);
    const facts = journal.read().filter(({ fault }) => fault === name);
    expect(await compared(facts, system, system.database)).toEqual({ lost: [], phantom: [], double: [] });
    expect(await brokenRules(system.database)).toEqual({});
  },
  patiently(180_000),
);
