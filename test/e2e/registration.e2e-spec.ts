// Registration against strangers: who registers a taken number learns nothing, squatting gives nothing, and a number its
// account has not used for 90 days moves to whoever proves it (design D1, D2, section 2).
import type { ApiAnswer } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers, wrongCodes } from '../support/person';

const DAY = 86_400;

describe('registration', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  const stranger = (to: Person) => new Person(system, to.phone, 'another-password-77');

  async function joined(): Promise<Person> {
    const person = new Person(system, nextPhone());
    await person.joined();
    return person;
  }

  const users = async (phone: string) =>
    (await system.database.query<{ id: string }>('SELECT id FROM users WHERE phone = $1', [phone])).rows;

  it('A55: a taken number is answered like a free one: status, headers and body', async () => {
    const taken = await stranger(await joined()).register();
    const free = await new Person(system, nextPhone()).register();
    expect(taken.status).toBe(202);
    expect(shapeOf(taken)).toEqual(shapeOf(free));
    expect(taken.headers.get('content-length')).toBe(free.headers.get('content-length'));
  });

  it('A55: a decoy runs through the same status, resends and refusals as a real challenge', async () => {
    const [decoy, real] = [stranger(await joined()), new Person(system, nextPhone())];
    const seen: Record<string, unknown[]> = {};
    for (const [name, person] of Object.entries({ decoy, real })) {
      const after = await system.phone.newest(person.phone);
      const { challengeToken: token } = (await person.register()).body;
      const show = async () => shapeOfStatus(await person.statusWhen(token, ({ delivery }) => delivery !== 'queued'));
      const steps: unknown[] = [await show()];
      await system.phone.messageFor(person.phone, { after });
      const early = await person.resend(token);
      steps.push([early.status, early.body.code, early.headers.has('retry-after')]);
      system.clock.advance(30);
      steps.push(await show());
      const resent = await person.resend(token);
      steps.push([resent.status, resent.body.resendAfter, resent.body.channel], await show());
      const voice = await person.resend(token, 'voice');
      steps.push([voice.status, voice.body.code]);
      const code = name === 'real' ? await system.phone.codeFor(person.phone) : '123456';
      steps.push((await person.verify(token, '1234')).body.code);
      for (const wrong of wrongCodes(code, 5)) {
        const { status, body, headers } = await person.verify(token, wrong);
        steps.push([status, body.code, body.attemptsLeft, [...headers.keys()]]);
      }
      steps.push(await show());
      for (const locked of [await person.verify(token, code), await person.resend(token)]) {
        steps.push([locked.status, locked.body.code]);
      }
      system.clock.advance(300);
      steps.push(await show(), (await person.verify(token, code)).body.code);
      seen[name] = steps;
    }
    expect(seen['decoy']).toEqual(seen['real']);
  });

  it('A55: every code of a decoy is wrong, the derived one too', async () => {
    const decoy = stranger(await joined());
    const { challengeToken: token } = (await decoy.register()).body;
    await decoy.statusWhen(token, ({ delivery }) => delivery === 'sent');
    const become = (value: boolean) =>
      system.database.query(`UPDATE otp_attempts SET decoy = $2 WHERE phone = $1 AND purpose = 'register'`, [
        decoy.phone,
        value,
      ]);
    // What a real challenge of this token would have sent is read off a resend; then it is a decoy again.
    await become(false);
    system.clock.advance(31);
    const after = await system.phone.newest(decoy.phone);
    expect((await decoy.resend(token)).status).toBe(202);
    const code = await decoy.codeOf(token, after);
    await become(true);
    const { status, body } = await decoy.verify(token, code);
    expect([status, body.code, body.attemptsLeft]).toEqual([401, 'code_invalid', 4]);
  });

  it('A55: the owner gets one notice a day, which has no code', async () => {
    const owner = await joined();
    const before = (await system.phone.messages(owner.phone)).length;
    const registered = async () => {
      const { challengeToken: token } = (await stranger(owner).register()).body;
      await owner.statusWhen(token, ({ delivery }) => delivery === 'sent');
      system.clock.advance(31);
      expect((await stranger(owner).resend(token)).status).toBe(202);
      await owner.statusWhen(token, ({ delivery }) => delivery === 'sent');
      system.clock.advance(61);
    };
    for (let attempt = 0; attempt < 3; attempt += 1) await registered();
    const notices = await system.phone.messages(owner.phone);
    expect(notices.length).toBe(before + 1);
    expect(notices[0]?.text).toMatch(/^Someone tried to sign up to \S+ with your number\./);
    expect(notices[0]?.text).not.toMatch(/\d{4}|https?:|#/);
    expect(notices[0]?.text.length).toBeLessThanOrEqual(160);

    system.clock.advance(DAY - 3600);
    await registered();
    expect((await system.phone.messages(owner.phone)).length).toBe(before + 1);
    system.clock.advance(3600);
    await registered();
    expect((await system.phone.messages(owner.phone)).length).toBe(before + 2);
    expect((await users(owner.phone)).length).toBe(1);
    expect((await owner.login()).status).toBe(200);
  });

  it('A61: who registers a number and never proves it keeps nobody out, and gains nothing', async () => {
    const phone = nextPhone();
    const mallory = new Person(system, phone, 'mallory-secret-word-9');
    const ursula = new Person(system, phone);
    const squat = await mallory.challenged('register');
    expect((await mallory.login()).status).toBe(401);
    system.clock.advance(31);
    const own = await ursula.challenged('register');
    expect(own.code).not.toBe(squat.code);

    expect((await mallory.verify(squat.token, own.code)).body.code).toBe('code_invalid');
    const verified = await ursula.verify(own.token, own.code);
    expect(verified.status).toBe(200);
    expect((await mallory.login()).body.code).toBe('credentials_invalid');
    const [row] = await users(phone);
    expect(row?.id).toBe(verified.body.user['id']);
    // Even with the code that was sent to Ursula for it, the squatter's token makes no account and no session.
    const late = await mallory.verify(squat.token, squat.code);
    expect([late.status, late.body.code]).toEqual([409, 'conflict']);
    expect((await users(phone)).map(({ id }) => id)).toEqual([row?.id]);
    expect((await ursula.login()).status).toBe(200);
  });

  it('a number proved by someone else meanwhile: 409 taken, the challenge is used up, nothing is created', async () => {
    const first = new Person(system, nextPhone());
    const second = stranger(first);
    const one = await first.challenged('register');
    system.clock.advance(31);
    const two = await second.challenged('register');
    const { body } = await first.verify(one.token, one.code);
    const sessions = 'SELECT count(*)::int AS n FROM sessions';
    const before = (await system.database.query(sessions)).rows;
    const taken = await second.verify(two.token, two.code);
    expect([taken.status, taken.body.code]).toEqual([409, 'conflict']);
    expect(taken.body.errors).toEqual([{ pointer: '/phone', code: 'taken' }]);
    const last = 'SELECT event, user_id AS person FROM audit_log ORDER BY id DESC LIMIT 1';
    expect((await system.database.query(last)).rows).toEqual([{ event: 'register_conflict', person: null }]);
    expect(taken.body).not.toHaveProperty('user');
    expect((await system.database.query(sessions)).rows).toEqual(before);
    expect((await users(first.phone)).map(({ id }) => id)).toEqual([body.user['id']]);
    expect((await second.verify(two.token, two.code)).body.code).toBe('code_expired');
  });

  it('the number of an account idle for 90 days moves to whoever proves it; the old account stays, without a phone', async () => {
    const old = new Person(system, nextPhone());
    const tokens = await old.joined();
    system.clock.advance(91 * DAY);
    const heir = stranger(old);
    const { token, code } = await heir.challenged('register');
    const refused = await heir.verify(token, wrongCodes(code, 1)[0]);
    expect(refused.body.code).toBe('code_invalid');
    expect(await users(old.phone)).toEqual([{ id: tokens.user['id'] }]);

    const moved = await heir.verify(token, code);
    expect(moved.status).toBe(200);
    expect(moved.body.user['id']).not.toBe(tokens.user['id']);
    expect(await users(old.phone)).toEqual([{ id: moved.body.user['id'] }]);
    const kept = await system.database.query('SELECT phone, auth_epoch::int AS epoch FROM users WHERE id = $1', [
      tokens.user['id'],
    ]);
    expect(kept.rows).toEqual([{ phone: null, epoch: 1 }]);
    expect((await old.login()).body.code).toBe('credentials_invalid');
    expect((await heir.login()).status).toBe(200);
  });

  it('moving a number ends what the old account had outstanding', async () => {
    const old = await joined();
    system.clock.advance(91 * DAY);
    const pending = await old.challenged('login');
    const heir = stranger(old);
    const { token, code } = await heir.challenged('register');
    expect((await heir.verify(token, code)).status).toBe(200);
    const late = await old.verify(pending.token, pending.code);
    expect([late.status, late.body.code]).toEqual([401, 'code_expired']);
  });

  it('a login before the 90 days are over keeps the number', async () => {
    const owner = await joined();
    system.clock.advance(60 * DAY);
    const { token, code } = await owner.challenged('login');
    await owner.verify(token, code);
    system.clock.advance(60 * DAY);
    const before = await system.phone.newest(owner.phone);
    await stranger(owner).register();
    const notice = await system.phone.messageFor(owner.phone, { after: before });
    expect(notice.code).toBeNull();
    expect((await users(owner.phone)).length).toBe(1);
  });

  it('A24: the code message is one GSM-7 segment with the WebOTP line last, and no link, number or name', async () => {
    const person = new Person(system, nextPhone());
    const { token, code } = await person.challenged('register', { displayName: '{{7*7}} <b>Zed' });
    await person.verify(token, code);
    await person.challenged('login');
    const [login, register] = await system.phone.messages(person.phone);
    for (const [message, purpose] of [
      [register, 'finish signing up'],
      [login, 'sign in'],
    ] as const) {
      const text = message?.text ?? '';
      const ours = message?.code ?? 'none';
      expect(text).toMatch(/^[\n\x20-\x5a\x61-\x7a@_]{1,160}$/); // all of it in GSM-7's basic set
      const lines = text.split('\n');
      expect(lines[0]).toMatch(new RegExp(`^${ours} is your \\S+ code to ${purpose}\\. Never share it\\.$`));
      expect(lines.at(-1)).toBe(`@localhost #${ours}`);
      expect(text.replaceAll(ours, '')).not.toMatch(/https?:|www\.|Zed|7\*7|49/);
      expect(text).not.toContain(person.phone.slice(-4));
    }
  });
});

/** What stays when the values that must differ are named by their kind. */
function shapeOf({ status, headers, body }: ApiAnswer<object>): unknown {
  const names = [...headers].map(([name, value]) => [name, /date|request-id|ratelimit/i.test(name) ? '' : value]);
  const fields = Object.entries(body).map(([name, value]) => [
    name,
    ['challengeToken', 'expiresAt', 'destination'].includes(name) ? String(value).length : (value as unknown),
  ]);
  return { status, names, fields };
}

function shapeOfStatus(status: object): unknown {
  const varying = ['challengeToken', 'expiresAt', 'destination', 'deliveryUpdatedAt'];
  return Object.entries(status).map(([name, value]) => [
    name,
    varying.includes(name) ? String(value).length : (value as unknown),
  ]);
}
