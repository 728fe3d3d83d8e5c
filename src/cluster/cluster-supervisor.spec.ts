// The supervisor with real processes, which are programs of a few lines that obey it as instances do. A file in their folder (`dies` or `hangs`)
// decides what becomes of a process that is started.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Metrics } from '../platform/metrics/metrics';
import { ClusterSupervisor } from './cluster-supervisor';

const PROGRAM = `
const end = () => process.exit(0);
process.on('SIGTERM', end).on('disconnect', end).on('message', (word) => ['stop', 'retire'].includes(word) && end());
const { existsSync } = require('node:fs');
if (existsSync(__dirname + '/dies')) setTimeout(() => process.exit(1), 1000);
else if (!existsSync(__dirname + '/hangs')) console.log('{"event":"ready"}');
`;

let folder: string;
let supervisor: ClusterSupervisor;
let metrics: Metrics;
let notes: string[];
let onNote: (text: string) => void;

const newOne = (fate: 'dies' | 'hangs'): void => writeFileSync(join(folder, fate), '');
const noLonger = (fate: 'dies' | 'hangs'): void => rmSync(join(folder, fate));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'supervised-'));
  writeFileSync(join(folder, 'program.cjs'), PROGRAM);
  notes = [];
  onNote = () => undefined;
  const note = (text: string): void => {
    notes.push(text);
    onNote(text);
  };
  const output = { line: () => undefined, note };
  metrics = new Metrics();
  supervisor = new ClusterSupervisor(join(folder, 'program.cjs'), 1, {}, output, metrics);
  await supervisor.start();
});
afterEach(async () => {
  await supervisor.stop({ gently: false });
  rmSync(folder, { recursive: true });
});

async function running(besides?: number): Promise<number> {
  for (let tried = 0; tried < 400; tried += 1) {
    const [instance] = supervisor.running;
    if (instance !== undefined && instance.pid !== besides) return instance.pid;
    await sleep(25);
  }
  throw new Error(`nothing runs: ${notes.join(', ')}`);
}

it('its restarts are in the metrics before the first, so that the first is an increase', async () => {
  const told = (await metrics.text()).split('\n').filter((line) => line.startsWith('latchkey_cluster_restarts_total'));
  expect(told).toEqual(['crash', 'rolling'].map((reason) => `latchkey_cluster_restarts_total{reason="${reason}"} 0`));
});

it('an instance that dies is replaced, even when a rolling restart takes its place meanwhile and comes to nothing', async () => {
  const first = await running();
  const givenUp = new Promise<void>((resolve) => {
    // The successor lives for 1 s, so it dies after the moment (500 ms) at which the dead instance was to be started again.
    onNote = (text) => {
      if (/is started again in 500 ms/.test(text)) void supervisor.restart();
      else if (/given up/.test(text)) resolve();
    };
  });
  newOne('dies');
  process.kill(first, 'SIGKILL');
  await givenUp;
  noLonger('dies');
  const [instance] = supervisor.running;
  await running(instance?.pid);
});

it('told to end amid a rolling restart it ends both instances of a place, and is not done before', async () => {
  const [before] = supervisor.running;
  newOne('hangs');
  void supervisor.restart();
  const [next] = supervisor.running;
  expect(next).not.toBe(before);
  await supervisor.stop({ gently: true });
  expect([before?.hasEnded, next?.hasEnded]).toEqual([true, true]);
});
