// Codes that a verification service makes and checks once: our five attempts bound all its verifications together, and each
// wrong code ends the vendor's, not ours (design D7, protocol.md 5).
import { forgotten, kind, resetAt } from '../support/credentials';
import { allIsSent } from '../support/deliveries';
import { makeClientApp } from '../support/oauth';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { beingJudged, followed } from '../support/verifications';
import { clearFault, requestsTo, setFault } from '../support/simulator-control';

/** So long the vendor is asked: time for what happens meanwhile. */
const SLOW = { kind: 'delay', ms: 1500 };

describe('sinch-verification checks the code', () => {
  const provider = 'sinch-verification';
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider });
  });

  afterAll(() => system.stop());
  afterEach(() => clearFault(system, provider));

  const TOO_LATE: [string, (phone: string) => unknown][] = [
    ['comes 15 s after the code', () => system.clock.advance(15)],
    ['is about a verification that another has followed', (phone) => followed(system, phone)],
  ];

  describe.each(['register', 'login'] as const)('of a %s', (route) => {
    async function someone(): Promise<Person> {
      const person = new Person(system, nextPhone());
      if (route === 'login') await person.joined();
      return person;
    }

    it('one wrong code ends the vendor’s check, not ours: a resend brings a new code for the same challenge', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      const wrong = await person.verify(token, wrongCodes(code, 1)[0]);
      expect([wrong.status, wrong.body.code, wrong.body.attemptsLeft]).toEqual([401, 'code_invalid', 4]);
      expect(await person.status(token)).toMatchObject({
        state: 'pending',
        delivery: 'failed',
        deliveryFailure: null,
        resendAfter: 0,
        attemptsLeft: 4,
        next: ['resend_sms', 'resend_voice'],
      });

      const reports = (await requestsTo(system, provider, 'PUT')).length;
      const ended = await person.verify(token, code);
      expect([ended.status, ended.body.code]).toEqual([401, 'code_expired']);
      expect((await requestsTo(system, provider, 'PUT')).length).toBe(reports);
      expect((await person.status(token)).attemptsLeft).toBe(4);

      const after = await system.phone.newest(person.phone);
      const resent = await person.resend(token);
      expect(resent.status).toBe(202);
      expect(resent.body).toMatchObject({ challengeToken: token, attemptsLeft: 4 });
      const next = await person.codeOf(token, after);
      expect((await person.verify(token, next)).status).toBe(200);
    });

    it('our five attempts bound it over all its verifications, and four sends', async () => {
      const person = await someone();
      const { token, code: first } = await person.challenged(route);
      let code = first;
      for (const attemptsLeft of [4, 3, 2, 1]) {
        const { body } = await person.verify(token, wrongCodes(code, 1)[0]);
        expect([body.code, body.attemptsLeft]).toEqual(['code_invalid', attemptsLeft]);
        const after = await system.phone.newest(person.phone);
        const resent = await person.resend(token);
        if (attemptsLeft > 1) code = await person.codeOf(token, after);
        else expect([resent.status, resent.body.code]).toEqual([429, 'rate_limited']);
      }
      expect(await person.status(token)).toMatchObject({ state: 'pending', delivery: 'failed', next: ['restart'] });
    });

    it('a code that is entered before we know what verification it is of waits for that', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      const refer = async (to: string | null) => {
        const sql = `UPDATE otp_attempts c SET vendor_ref = $2 FROM (SELECT id, vendor_ref FROM otp_attempts WHERE phone = $1 AND consumed_at IS NULL) before
                      WHERE c.id = before.id RETURNING before.vendor_ref AS former`;
        return (
          (await system.database.query<{ former: string | null }>(sql, [person.phone, to])).rows[0]?.former ?? null
        );
      };
      const verification = await refer(null);
      const answer = person.verify(token, code);
      await beingJudged(person, token);
      await refer(verification);
      expect((await answer).status).toBe(200);
    });

    it('its yes gives the attempt back', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      expect((await person.verify(token, code)).status).toBe(200);
      expect((await person.status(token)).attemptsLeft).toBe(5);
      const sql = `SELECT second_factor_fails AS fails FROM users WHERE phone = $1
                   UNION ALL SELECT b.fails FROM failure_budgets b JOIN otp_attempts c ON c.budget_key = b.key WHERE c.phone = $1`;
      const { rows } = await system.database.query<{ fails: Date[] }>(sql, [person.phone]);
      expect(rows.flatMap(({ fails }) => fails)).toEqual([]);
    });

    it.each(TOO_LATE)('its yes is none when it %s', async (_, meanwhile) => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      await setFault(system, provider, SLOW);
      const answer = person.verify(token, code);
      await beingJudged(person, token);
      await meanwhile(person.phone);
      expect((await answer).body.code).toBe('code_expired');
    });

    it('its yes, which it says once, is not lost to a database that does not take it at once', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      await setFault(system, provider, SLOW);
      let isAnswered = false;
      const answer = person.verify(token, code).finally(() => (isAnswered = true));
      await beingJudged(person, token);
      const client = await system.database.connect();
      const waiting = `SELECT pid, query_start FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      try {
        await client.query('BEGIN');
        await client.query('SELECT FROM otp_attempts WHERE phone = $1 FOR UPDATE', [person.phone]);
        // The first statement gives up waiting for the row; another one waits.
        const seen = new Set<string>();
        const areTwo = async (): Promise<boolean> => {
          for (const row of (await system.database.query<object>(waiting)).rows) seen.add(JSON.stringify(row));
          return seen.size >= 2 || isAnswered;
        };
        await until(areTwo, 'another statement that waits');
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
      expect((await answer).status).toBe(200);
    });

    it('a wrong code changes nothing of how a resend before it failed', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      system.clock.advance(30);
      await setFault(system, provider, { kind: 'status', status: 400 });
      expect((await person.resend(token)).status).toBe(202);
      const { deliveryUpdatedAt } = await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
      await clearFault(system, provider);
      system.clock.advance(1);
      expect((await person.verify(token, wrongCodes(code, 1)[0])).body.code).toBe('code_invalid');
      expect(await person.status(token)).toMatchObject({ delivery: 'failed', deliveryUpdatedAt });
      expect((await person.verify(token, code)).body.code).toBe('code_expired');
    });

    it('a voice call starts a verification of its own, and its code is accepted', async () => {
      const person = await someone();
      const { token } = await person.challenged(route);
      system.clock.advance(30);
      const after = await system.phone.newest(person.phone);
      const resent = await person.resend(token, 'voice');
      expect([resent.status, resent.body.channel]).toEqual([202, 'voice']);
      const code = await person.codeOf(token, after);
      expect((await system.phone.messages(person.phone))[0]?.channel).toBe('voice');
      expect((await person.verify(token, code)).status).toBe(200);
    });
  });

  const superseded = 'UPDATE otp_attempts SET revoked_at = now() WHERE phone = $1 AND consumed_at IS NULL';
  const appDisabled = `UPDATE api_clients SET disabled_at = now() WHERE client_id = replace($1, '+', 'shop-')`;

  it.each([
    ['login', 'its account was disabled', `UPDATE users SET status = 'disabled' WHERE phone = $1`],
    ['login', 'everything of its account was ended', 'UPDATE users SET auth_epoch = auth_epoch + 1 WHERE phone = $1'],
    ['login', 'it was superseded', superseded],
    ['login', 'its client app was disabled', appDisabled],
    ['register', 'it was superseded', superseded],
    ['register', 'it became a decoy', 'UPDATE otp_attempts SET decoy = true WHERE phone = $1'],
    ['register', 'its client app was disabled', appDisabled],
  ] as const)('A39, A42: of a %s: its yes is none when meanwhile %s', async (route, _, meanwhile) => {
    const person = new Person(system, nextPhone());
    const { clientId } = await makeClientApp(system, { clientId: person.phone.replace('+', 'shop-') });
    if (route === 'login') await person.joined();
    const { token, code } = await person.challenged(route, { clientId });
    await setFault(system, provider, SLOW);
    const answer = person.verify(token, code);
    await beingJudged(person, token);
    expect((await system.database.query(meanwhile, [person.phone])).rowCount).toBe(1);
    expect(kind(await answer)).toBe('401 code_expired');
  });

  it.each(TOO_LATE)('of a reset: its yes is none when it %s', async (_, meanwhile) => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await forgotten(person);
    await allIsSent(system);
    await setFault(system, provider, SLOW);
    const answer = resetAt(system.api, token, code);
    await beingJudged(person, token);
    await meanwhile(person.phone);
    expect(kind(await answer)).toBe('401 code_expired');
    expect((await person.status(token)).state).toBe('pending');
  });
});

describe('sinch-verification tells of messages late', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: 'sinch-verification', receipts: true });
  });

  afterAll(() => system.stop());

  it('what arrived after its verification had ended is told as failed still: its code opens nothing', async () => {
    await setFault(system, 'sinch-verification', { kind: 'late_receipt', ms: 2000 });
    const person = new Person(system, '+14152000001');
    const { token, code } = await person.challenged('register');
    expect((await person.verify(token, wrongCodes(code, 1)[0])).body.code).toBe('code_invalid');
    expect((await person.status(token)).delivery).toBe('failed');
    const told = 'SELECT FROM sms_receipts';
    await until(async () => (await system.database.query(told)).rowCount !== 0, 'the receipt');
    expect(await person.status(token)).toMatchObject({ delivery: 'failed', next: ['resend_sms', 'resend_voice'] });
  });
});
