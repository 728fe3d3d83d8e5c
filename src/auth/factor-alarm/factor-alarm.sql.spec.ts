// What counts as an attempt, when the alarm is raised and when it ends: the statement itself on a real database, with audit rows as the
// verify statements write them.
import { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import { waitingForLocks } from '../../../test/support/locks';
import { until } from '../../../test/support/patience';
import { watchFactors } from './factor-alarm.sql';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const SECONDS = 600;
let database: OpenDatabase;
let client: Client;
let challenges = 0;

beforeAll(async () => {
  database = await openDatabase();
  client = database.client;
});
afterAll(() => database.close());
beforeEach(() => client.query(`ALTER TABLE audit_log DISABLE TRIGGER USER; DELETE FROM audit_log; DELETE FROM alarms`));

const at = (seconds: number) => new Date(NOW + seconds * 1000);

/** One challenge with these events, so many seconds from now. */
async function challenge(seconds: number, ...events: string[]): Promise<void> {
  challenges += 1;
  const ref = `00000000-0000-4000-8000-${String(challenges).padStart(12, '0')}`;
  for (const event of events) {
    await client.query('INSERT INTO audit_log (at, event, ref) VALUES ($1, $2, $3)', [at(seconds), event, ref]);
  }
}

async function challengesOf(count: number, seconds: number, event: string): Promise<void> {
  for (let made = 0; made < count; made += 1) await challenge(seconds, event);
}

async function look(seconds = 0, on = client) {
  const bound = { now: at(seconds), seconds: SECONDS, least: 10, percent: 50, requestId: null, address: null };
  const [{ text }, values] = watchFactors.with(bound);
  const { rows } = await on.query<Record<string, unknown>>(text, values);
  return rows[0];
}

describe('what counts', () => {
  it('each wrong code and each right one; not that a code was sent, nor what has no challenge', async () => {
    await challenge(-1, 'otp_fail', 'otp_fail', 'otp_success', 'authn_login_success', 'session_created');
    await challenge(-1, 'user_created', 'phone_verified', 'session_created');
    await challenge(-1, 'otp_sent', 'login_challenged');
    await client.query(`INSERT INTO audit_log (at, event) VALUES ($1, 'user_created')`, [at(-1)]);
    expect(await look()).toMatchObject({ failed: 2, attempts: 4 });
  });

  it('a code that a vendor checks is wrong unless the vendor said yes to it', async () => {
    await challenge(-1, 'otp_spent', 'otp_spent', 'step_up');
    await challenge(-1, 'otp_spent', 'otp_spent');
    expect(await look()).toMatchObject({ failed: 3, attempts: 4 });
  });

  it('the window: an attempt counts for so long and no longer, and one of another instance a moment ahead not yet', async () => {
    await challenge(-SECONDS, 'otp_fail');
    await challenge(1 - SECONDS, 'otp_fail');
    await challenge(0, 'otp_fail');
    await challenge(1, 'otp_fail');
    expect(await look()).toMatchObject({ failed: 2, attempts: 2 });
  });
});

describe('the alarm', () => {
  it.each([
    ['nine of nine', 9, 0, false],
    ['five of ten', 5, 5, false],
    ['six of ten', 6, 4, true],
    ['all of ten', 10, 0, true],
  ])('%s: %i wrong, %i right', async (_name, wrong, right, raised) => {
    await challengesOf(wrong, -1, 'otp_fail');
    await challengesOf(right, -1, 'otp_success');
    expect(await look()).toMatchObject({ begins: raised, raisedAt: raised ? at(0) : null });
    const { rows } = await client.query('SELECT reason, at FROM audit_log WHERE event = $1', [
      'second_factor_alarm_raised',
    ]);
    expect(rows).toEqual(raised ? [{ reason: `${wrong} of ${wrong + right} attempts failed`, at: at(0) }] : []);
  });

  it('is raised once and stands as long as it is looked at', async () => {
    await challengesOf(10, -1, 'otp_fail');
    expect(await look()).toMatchObject({ begins: true });
    expect(await look(5)).toMatchObject({ begins: false, ends: false, raisedAt: at(0) });
    expect((await client.query('SELECT 1 FROM audit_log WHERE event LIKE $1', ['second%'])).rowCount).toBe(1);
  });

  it('ends after a window at the earliest, when a quarter or less is wrong; and may be raised again', async () => {
    await challengesOf(10, -1, 'otp_fail');
    await look();
    await challengesOf(30, 0, 'otp_success');
    expect(await look(SECONDS - 2)).toMatchObject({ failed: 10, attempts: 40, ends: false, raisedAt: at(0) });
    await challengesOf(4, SECONDS - 1, 'otp_fail');
    await challengesOf(11, SECONDS - 1, 'otp_success');
    expect(await look(SECONDS)).toMatchObject({ failed: 4, attempts: 15, ends: false, raisedAt: at(0) });
    await challenge(SECONDS, 'otp_success');
    expect(await look(SECONDS + 1)).toMatchObject({ failed: 4, attempts: 16, ends: true, raisedAt: null });
    expect(await look(SECONDS + 2)).toMatchObject({ begins: false, ends: false, raisedAt: null });
    await challengesOf(20, SECONDS + 2, 'otp_fail');
    expect(await look(SECONDS + 3)).toMatchObject({ begins: true, raisedAt: at(SECONDS + 3) });
  });

  it('of two looks that raise or end it at the same moment one does, and both see it', async () => {
    const second = new Client({ connectionString: database.url });
    await second.connect();
    const both = async (seconds: number) => {
      await client.query('BEGIN');
      const first = await look(seconds);
      const waiting = look(seconds, second);
      await until(async () => (await waitingForLocks(client)) !== 0, 'the second look, which waits', 30_000, 1);
      await client.query('COMMIT');
      return [first, await waiting];
    };
    await challengesOf(10, -1, 'otp_fail');
    const raising = [{ begins: true }, { begins: false }].map((each) => ({ ...each, raisedAt: at(0) }));
    expect(await both(0)).toMatchObject(raising);
    const ending = [{ ends: true }, { ends: false }].map((each) => ({ ...each, raisedAt: null }));
    expect(await both(2 * SECONDS)).toMatchObject(ending);
    await challengesOf(10, 3 * SECONDS, 'otp_fail');
    expect(await both(3 * SECONDS)).toMatchObject([{ begins: true }, { begins: false }]);
    await second.end();
  });

  it('ends when hardly anybody tries any more, however wrong they are', async () => {
    await challengesOf(10, -1, 'otp_fail');
    await look();
    await challengesOf(5, SECONDS, 'otp_fail');
    expect(await look(SECONDS)).toMatchObject({ attempts: 5, ends: false });
    expect(await look(2 * SECONDS)).toMatchObject({ attempts: 0, ends: true });
  });
});
