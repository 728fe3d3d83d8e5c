import { Pool } from 'pg';
import { createDatabase, TestDatabase } from '../../../test/support/database';
import { NodeRandom } from '../../platform/random/node-random';
import { SESSION_LIVENESS } from './session-liveness.sql';

const random = new NodeRandom();
const now = new Date('2026-01-01T00:00:00Z');
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const [userId, sessionId] = [random.uuid(), random.uuid()];

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url, max: 1 });
  await pool.query(
    `INSERT INTO users (id, phone, password_hash, auth_epoch, last_authenticated_at, created_at)
     VALUES ($1, '+12025550123', 'x', 3, $2, $2)`,
    [userId, now],
  );
  await pool.query(
    `INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at,
                           expires_at, idle_expires_at, refresh_digest)
     VALUES ($1, $2, 3, 'first-party', '{pwd,sms}', $3, $3, $3, $4, $5, 'x')`,
    [sessionId, userId, now, inSeconds(60), inSeconds(30)],
  );
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(() => pool.query('BEGIN'));
afterEach(() => pool.query('ROLLBACK'));

async function endsAt(id = sessionId, owner = userId, at = now): Promise<Date | undefined> {
  const { rows } = await pool.query<{ endsAt: Date }>({ ...SESSION_LIVENESS, values: [id, owner, at] });
  return rows[0]?.endsAt;
}

it('tells when a living session ends by itself: the earlier of idle and absolute', async () => {
  expect(await endsAt()).toEqual(inSeconds(30));
  await pool.query('UPDATE sessions SET idle_expires_at = $1', [inSeconds(90)]);
  expect(await endsAt()).toEqual(inSeconds(60));
});

it.each([
  ['revoked', `UPDATE sessions SET revoked_at = '2026-01-01'`],
  ['idle', `UPDATE sessions SET idle_expires_at = '2026-01-01'`],
  ['past its absolute end', `UPDATE sessions SET expires_at = '2026-01-01'`],
  ['of an older epoch', 'UPDATE users SET auth_epoch = auth_epoch + 1'],
  ['of a disabled account', `UPDATE users SET status = 'disabled'`],
  ['of a deleted account', 'DELETE FROM users'],
])('A38, A39: a session that is %s does not live', async (_case, change) => {
  await pool.query(change);
  expect(await endsAt()).toBeUndefined();
});

it('is nobody else’s, and an unknown one does not live', async () => {
  expect(await endsAt(sessionId, random.uuid())).toBeUndefined();
  expect(await endsAt(random.uuid())).toBeUndefined();
});
