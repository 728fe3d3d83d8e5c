// A job that was handed out, asked for after its worker was silent, on a real database.
import { openDatabase, type OpenDatabase } from '../../test/support/database';
import { StoodStill } from '../platform/process/standstill';
import { demandHeld } from './held-job';

const [OURS, OTHERS] = ['worker-ours', 'worker-others'];

describe('a job that was handed to this worker', () => {
  let made: OpenDatabase;

  beforeAll(async () => {
    made = await openDatabase();
  });
  afterAll(() => made.close());
  afterEach(() => made.client.query('TRUNCATE worker_heartbeats, graphile_worker._private_jobs RESTART IDENTITY'));

  const isHeld = () => {
    const job = { id: '1', locked_by: OURS, attempts: 1 };
    const query = made.client.query.bind(made.client);
    return demandHeld({ job, query } as unknown as Parameters<typeof demandHeld>[0]);
  };

  async function handed(to: string | null, attempts: number): Promise<void> {
    await made.client.query(`SELECT graphile_worker.add_job('probe', '{}')`);
    await made.client.query(
      `UPDATE graphile_worker._private_jobs SET locked_by = $1, locked_at = CASE WHEN $1::text IS NOT NULL THEN now() END, attempts = $2`,
      [to, attempts],
    );
  }

  it('F09: is held, and by a worker that lives from now on', async () => {
    await handed(OURS, 1);
    await isHeld();
    const { rows } = await made.client.query(
      `SELECT worker_id, seen_at > now() - interval '5 s' AS lives FROM worker_heartbeats`,
    );
    expect(rows).toEqual([{ worker_id: OURS, lives: true }]);
  });

  it.each([
    ['others have taken', OTHERS, 2],
    ['others have given back', null, 1],
    ['was handed to it once more', OURS, 2],
  ])('is not held where it is one that %s', async (_, to, attempts) => {
    await handed(to, attempts);
    await expect(isHeld()).rejects.toThrow(StoodStill);
  });

  it('is not held where others have done it', async () => {
    await expect(isHeld()).rejects.toThrow(StoodStill);
  });
});
