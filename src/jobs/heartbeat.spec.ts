// Whom a heartbeat takes for silent after the database was away: everybody was silent meanwhile (D6, F09).
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { openDatabase } from '../../test/support/database';
import { Heartbeat } from './heartbeat';

/** From then on counts the beats of `mine`, and keeps how many there had been when `others` was taken for silent. */
const COUNTING = `
  CREATE TABLE beats AS SELECT 0 AS since, NULL::int AS when_unlocked;
  CREATE FUNCTION count_beat() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE beats SET since = since + 1; RETURN NULL; END $$;
  CREATE FUNCTION keep_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE beats SET when_unlocked = since; RETURN NULL; END $$;
  CREATE TRIGGER beat AFTER INSERT OR UPDATE ON worker_heartbeats FOR EACH ROW WHEN (NEW.worker_id = 'mine') EXECUTE FUNCTION count_beat();
  CREATE TRIGGER unlocked AFTER DELETE ON worker_heartbeats FOR EACH ROW WHEN (OLD.worker_id = 'others') EXECUTE FUNCTION keep_count();`;

describe('Heartbeat', () => {
  it('F09: after an outage of the database, gives others the time of two beats to write theirs', async () => {
    const database = await openDatabase();
    const pool = new Pool({ connectionString: database.url });
    const warnings: unknown[] = [];
    const logger = Object.assign(new Logger(), { warn: (message: unknown) => warnings.push(message) });
    const heartbeat = new Heartbeat(pool, logger);
    heartbeat.become('mine');
    heartbeat.start();
    await pool.query('ALTER TABLE worker_heartbeats RENAME TO away');
    while (warnings.length === 0) await sleep(20);
    expect(warnings).toEqual([expect.stringMatching(/^heartbeat failed: .*worker_heartbeats/)]);
    await pool.query(`
      BEGIN;
      ALTER TABLE away RENAME TO worker_heartbeats;
      INSERT INTO worker_heartbeats VALUES ('others', clock_timestamp() - interval '11 s');
      ${COUNTING}
      COMMIT`);
    const unlocked = async () =>
      (await pool.query<{ n: number | null }>('SELECT when_unlocked AS n FROM beats')).rows[0]?.n;
    while ((await unlocked()) === null) await sleep(20);
    expect(await unlocked()).toBe(3);
    await heartbeat.stop();
    await pool.end();
    await database.close();
  }, 30_000);
});
