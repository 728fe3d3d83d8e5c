// A folder that cannot be written for a while (a full disk): what it has to keep is written as soon as it can be (ADR 67, 72).
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { OperatorError } from '../../platform/process/operator-error';
import { Standstill } from '../../platform/process/standstill';
import { Readiness } from '../../platform/request/readiness';
import { StateConfig } from './state.config';
import { StateMark } from './state-mark.service';

interface Row {
  readonly id: string;
  readonly mark: string;
  readonly marks: string[];
}

let database: OpenDatabase;
let folder: string;
const said: unknown[] = [];

beforeEach(async () => {
  said.length = 0;
  const say = (line: object) => void said.push('event' in line ? line.event : line);
  Logger.overrideLogger({ log: say, warn: say, error: say });
  database = await openDatabase();
  folder = mkdtempSync(join(tmpdir(), 'latchkey-state-'));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A process of this folder. `beat` is what it does every 15 s. */
function stateMark(): { mark: StateMark; beat: () => Promise<void> } {
  const run = async <Row>({ text }: Statement, values: readonly unknown[]): Promise<Row[]> =>
    (await database.client.query(text, [...values])).rows as Row[];
  const registry = new JobRegistry(new Standstill());
  const config = Object.assign(new StateConfig(), { LATCHKEY_DIR: folder });
  const mark = new StateMark({ run } as Database, registry, new Readiness(), config);
  mark.onModuleInit();
  const [beat] = registry.collect().beats;
  return { mark, beat: () => beat!.work(new AbortController().signal) };
}

/** While it is there, the file of this name cannot be written. */
const obstacle = (name: string) => join(folder, name);
const state = async (): Promise<Row> =>
  (await database.client.query<Row>('SELECT id, mark, marks FROM database_state')).rows[0]!;
const putBack = ({ mark, marks }: Row) =>
  database.client.query('UPDATE database_state SET mark = $1, marks = $2, went_back_mark = NULL', [mark, marks]);

it('the mark is written again after the folder could not be, and what failed meanwhile is logged once', async () => {
  const { mark, beat } = stateMark();
  await mark.begin();
  for (let series = 1; series <= 2; series += 1) {
    rmSync(obstacle('watermark.json'));
    mkdirSync(obstacle('watermark.json'));
    await beat();
    await beat();
    expect(said).toEqual(Array.from({ length: series }, () => 'no_watermark'));
    rmdirSync(obstacle('watermark.json'));
    const older = await state();
    await beat();
    const newer = await state();
    await putBack(older);
    await expect(stateMark().mark.look()).resolves.toMatchObject({ wentBack: true });
    await putBack(newer);
  }
});

it('that the database went back is written to the folder once that is possible, and told once', async () => {
  const older = await state();
  const { mark, beat } = stateMark();
  await mark.begin();
  const flag = obstacle(`went-back-${older.id}.json`);
  mkdirSync(flag);
  await putBack(older);
  await beat();
  expect(said).toEqual(['alarm', 'no_watermark']);
  rmdirSync(flag);
  await beat();
  expect(said).toEqual(['alarm', 'no_watermark']);
  // Whatever else becomes of the database and of the mark.
  rmSync(join(folder, 'watermark.json'));
  await putBack(await state());
  await expect(stateMark().mark.begin()).rejects.toThrow(OperatorError);
});
