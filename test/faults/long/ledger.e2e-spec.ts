// "Nothing lost" (security.md 3.1): clients work through faults of everything between them and the disk, and write down what they were
// told. Afterwards the journal is compared with the API and with SQL: lost=0 phantom=0 double=0. `npm run test:faults -- --full` runs
// every fault and every named point; without it there is one of each kind.
import { chanceOf, oneOf } from '../../support/chance';
import { addRow } from '../../support/fault-table';
import { brokenRules } from '../../support/ledger';
import type { Moment } from '../../support/kill-points';
import { patiently } from '../../support/patience';
import { compared } from '../journal/comparison';
import { type Clients, type Measured, Scene, VICTIM } from '../journal/scene';
import { settled } from '../journal/settled';

const IS_FULL = process.env['FAULT_FULL'] !== undefined;
const CLIENTS = IS_FULL ? 6 : 3;
/** Refusals for each client before a network that is away comes back. */
const REFUSALS = 4;
/** Points of each kind where not all are taken. */
const POINTS = 1;
const TIMEOUT_MS = IS_FULL ? 1_800_000 : patiently(240_000);
const now = () => performance.now();

let scene: Scene;
const results: Measured[] = [];

beforeAll(async () => {
  scene = await Scene.start();
}, patiently(300_000));
afterAll(() => scene.stop());

interface Fault {
  readonly name: string;
  readonly cases: string;
  readonly isFullOnly?: boolean;
  /** @returns when it was over, by performance.now() */
  readonly make: (clients: Clients) => Promise<number>;
}

const databaseAway = (state: 'refuse' | 'blackhole') => async (clients: Clients) => {
  await scene.postgres.become(state);
  await clients.refused(state === 'refuse' ? REFUSALS : 1);
  const ended = now();
  await scene.postgres.become('pass');
  return ended;
};

const vendorAway = (state: 'refuse' | 'mute') => async (clients: Clients) => {
  await scene.vendor.become(state);
  await clients.progress(state === 'refuse' ? 4 : 2);
  const ended = now();
  await scene.vendor.become('pass');
  return ended;
};

const FAULTS: readonly Fault[] = [
  {
    name: 'an instance dies by kill -9',
    cases: 'F26',
    make: async () => {
      const began = now();
      await scene.system.kill(VICTIM, 'SIGKILL');
      await scene.restartVictim();
      return began;
    },
  },
  { name: 'PostgreSQL crashes', cases: 'F16', make: () => scene.postgres.crash().then(now) },
  { name: 'PostgreSQL restarts', cases: 'F16', isFullOnly: true, make: () => scene.postgres.restart().then(now) },
  { name: 'the database refuses connections', cases: 'F18', make: databaseAway('refuse') },
  { name: 'the database is silent', cases: 'F18', isFullOnly: true, make: databaseAway('blackhole') },
  { name: 'the first vendor refuses connections', cases: 'F07', make: vendorAway('refuse') },
  { name: 'answers of the first vendor are lost', cases: 'F13', isFullOnly: true, make: vendorAway('mute') },
  {
    name: 'both instances stop in turn',
    cases: 'F23',
    isFullOnly: true,
    make: async () => {
      await scene.system.kill(0, 'SIGTERM');
      await scene.system.restart(0);
      await scene.system.kill(VICTIM, 'SIGTERM');
      await scene.restartVictim();
      return now();
    },
  },
];

async function measure(fault: string, cases: string, make: Fault['make']): Promise<void> {
  const measured = await scene.under(fault, cases, CLIENTS, make);
  results.push(measured);
  expect(measured.unexpected).toEqual([]);
}

it.each(FAULTS.filter(({ isFullOnly }) => IS_FULL || isFullOnly !== true))(
  '$cases, N1 to N11: $name: clients see nothing but "come back", and go on',
  ({ name, cases, make }) => measure(name, cases, make),
  TIMEOUT_MS,
);

/** What clients' work has sent to PostgreSQL so far, again and again: once is not enough to wait for it. */
function statements(): string[] {
  const often = [...scene.points.seen].filter(([, times]) => times >= 6).map(([name]) => name);
  // Not what a start asks for: clients do not bring it about.
  return often.filter((name) => !/^(ops_|clients_|signing-keys|audit_page)/.test(name)).sort();
}

/** After it is done and before it is told: where most can be lost. The other moment is for a full run. */
const MOMENTS: readonly Moment[] = IS_FULL ? ['before', 'after'] : ['after'];
const KINDS = MOMENTS.flatMap((moment) => [
  { moment, death: 'the instance dies' as const },
  { moment, death: 'the connection breaks' as const },
]);

it.each(KINDS)(
  'F26, N1 to N11: $death $moment PostgreSQL has heard and done a statement, at named points',
  async ({ moment, death }) => {
    const names = statements();
    const chance = chanceOf(`${death} ${moment}`);
    const points = IS_FULL ? names : Array.from({ length: POINTS }, () => oneOf(names, chance));
    await measure(`${death} ${moment} a statement (${points.length} named points)`, 'F26', async (clients) => {
      let began = now();
      for (const point of points) {
        if (!(await reached(point, moment))) continue;
        began = now();
        if (death === 'the instance dies') {
          await scene.system.kill(VICTIM, 'SIGKILL');
          await scene.restartVictim();
        }
        await clients.progress(1);
      }
      return began;
    });
  },
  TIMEOUT_MS,
);

/** Whether the point came by. One that clients seldom pass is left out after a while. */
async function reached(point: string, moment: Moment): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const seldom = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), 10_000)));
  const met = await Promise.race([scene.points.reached(point, moment).then(() => true), seldom]);
  clearTimeout(timer);
  scene.points.disarm();
  return met;
}

it(
  'F07, F16, F18, F26, N1 to N11: what clients were told is so, by the API and by SQL: nothing lost, no phantom, nothing twice',
  async () => {
    await settled(scene.database);
    expect(await brokenRules(scene.database)).toEqual({});
    const facts = scene.journal.read();
    const all: unknown[] = [];
    for (const { fault, cases, acknowledged, errors, recoveredMs } of results) {
      const of = facts.filter((fact) => fact.fault === fault);
      const { lost, phantom, double } = await compared(of, scene.system, scene.database);
      addRow({
        cases,
        fault,
        acknowledged,
        errors,
        recoveredMs,
        lost: lost.length,
        phantom: phantom.length,
        double: double.length,
      });
      all.push(...lost, ...phantom, ...double);
    }
    expect(all).toEqual([]);
    expect(results.every(({ acknowledged }) => acknowledged > 0)).toBe(true);
  },
  TIMEOUT_MS,
);
