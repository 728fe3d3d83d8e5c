import { Logger } from '@nestjs/common';
import { openDatabase } from '../../test/support/database';
import { restoreMachineClock, setMachineClock } from '../../test/support/machine-clock';
import { until } from '../../test/support/patience';
import { Heartbeat } from './heartbeat';
import { QueueRunner } from './queue-runner';
import { openWorkerPool } from './worker-pool';

/** A second before a minute ends, forty days from now. */
const aheadByDays = () => Math.floor(Date.now() / 60_000) * 60_000 + 59_000 + 40 * 86_400_000;

it('begins anew when the clock of the process, which was weeks ahead, is set right', async () => {
  const database = await openDatabase();
  const pool = openWorkerPool(database.url, () => undefined);
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const logger = Object.assign(new Logger(), { debug: log, warn: log });
  const stop = new AbortController();
  const runner = new QueueRunner(pool, new Heartbeat(pool, logger), logger, stop.signal);
  const has = (text: string) => until(() => lines.some((line) => line.includes(text)), text, 10_000);
  setMachineClock(aheadByDays());
  let done = 0;
  const ended = runner.run({ probe: () => void (done += 1) });
  await has('too early');
  restoreMachineClock();
  await has('worker failed: the clock of this process was set back');
  await database.client.query(`SELECT graphile_worker.add_job('probe')`);
  await until(() => done === 1, 'a job');
  stop.abort();
  await runner.stop();
  await ended;
  await pool.end();
  await database.close();
});
