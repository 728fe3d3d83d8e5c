// Codes that a verification service makes and checks: our five attempts stay the bound, an attempt is spent before the vendor
// is asked, and what the vendor cannot say is a 503, never a yes (design D7, protocol.md 5).
import { askReset, askStepUp, forgotten, kind, resetAt, withCode } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';
import { clearFault, requestsTo, setFault } from '../support/simulator-control';
import { json, VendorStub } from '../support/vendor-stub';
import { beingJudged, followed } from '../support/verifications';
import { VerifyingApp } from '../support/verifying-app';

describe('infobip-2fa checks the code', () => {
  const provider = 'infobip-2fa';
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider });
  });

  afterAll(() => system.stop());
  afterEach(() => clearFault(system, provider));

  it('of a step-up and of a reset: a wrong code is spent, the right one accepted once; a reset that is a decoy looks the same', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const step = await withCode(person, () => askStepUp(system.api, accessToken, PASSWORD));
    expect((await person.verify(step.token, wrongCodes(step.code, 1)[0])).body.attemptsLeft).toBe(4);
    expect((await person.verify(step.token, step.code)).status).toBe(200);

    const reset = await forgotten(person);
    const { body: decoy } = await askReset(system.api, nextPhone());
    const seen = async (token: string) => {
      const { status, body } = await resetAt(system.api, token, wrongCodes(reset.code, 1)[0] ?? '');
      const { state, delivery, attemptsLeft, next } = await person.status(token);
      return [status, body.code, body.attemptsLeft, state, delivery, attemptsLeft, next];
    };
    const real = await seen(reset.token);
    expect(real).toEqual([401, 'code_invalid', 4, 'pending', 'queued', 4, ['verify', 'wait']]);
    expect(await seen(decoy.challengeToken)).toEqual(real);
    expect((await resetAt(system.api, reset.token, reset.code)).status).toBe(204);
    expect(kind(await resetAt(system.api, reset.token, reset.code, 'a third one, then'))).toBe('401 code_expired');
  });

  describe.each(['register', 'login'] as const)('of a %s', (route) => {
    async function someone(): Promise<Person> {
      const person = new Person(system, nextPhone());
      if (route === 'login') await person.joined();
      return person;
    }

    const asked = async () =>
      (await requestsTo(system, provider)).filter(({ path }) => path.endsWith('/verify')).length;

    it('five wrong codes end the challenge, and the vendor is asked no more', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      const left: unknown[] = [];
      for (const wrong of wrongCodes(code, 5)) {
        const { status, body } = await person.verify(token, wrong);
        left.push([status, body.code, body.attemptsLeft]);
      }
      expect(left).toEqual([4, 3, 2, 1, 0].map((attemptsLeft) => [401, 'code_invalid', attemptsLeft]));
      const before = await asked();
      const refused = await person.verify(token, code);
      expect([refused.status, refused.body.code]).toEqual([429, 'challenge_locked']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await asked()).toBe(before);
    });

    it('the right code after a wrong one is accepted, once', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      expect((await person.verify(token, wrongCodes(code, 1)[0])).body.attemptsLeft).toBe(4);
      expect((await person.verify(token, code)).status).toBe(200);
      const before = await asked();
      expect((await person.verify(token, code)).body.code).toBe('code_expired');
      expect(await asked()).toBe(before);
    });

    it('a vendor that is down: 503 provider_unavailable with the attempt spent, for right and wrong codes', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      for (const [fault, entered] of [
        [{ kind: 'status', status: 500 }, code],
        [{ kind: 'status', status: 503 }, wrongCodes(code, 1)[0]],
        [{ kind: 'garbage' }, code],
        [{ kind: 'reset' }, code],
      ] as const) {
        await setFault(system, provider, fault);
        const { status, body, headers } = await person.verify(token, entered);
        expect([status, body.code]).toEqual([503, 'provider_unavailable']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      await clearFault(system, provider);
      expect((await person.status(token)).attemptsLeft).toBe(1);
      expect((await person.verify(token, code)).status).toBe(200);
    });

    it('a resend carries the same code, and a voice call may carry it too', async () => {
      const person = await someone();
      const { token, code } = await person.challenged(route);
      for (const [wait, channel] of [
        [30, 'sms'],
        [60, 'voice'],
      ] as const) {
        system.clock.advance(wait);
        const after = await system.phone.newest(person.phone);
        const resent = await person.resend(token, channel);
        expect([resent.status, resent.body.channel]).toEqual([202, channel]);
        expect(await person.codeOf(token, after)).toBe(code);
        expect((await system.phone.messages(person.phone))[0]?.channel).toBe(channel);
      }
      expect((await person.verify(token, code)).status).toBe(200);
    });
  });

  describe('for a client app that has a phone verified', () => {
    let app: VerifyingApp;
    beforeAll(async () => {
      app = await VerifyingApp.make(system);
    });

    it('five wrong codes end the challenge, a right one after four gives the proof, once', async () => {
      const [open, closed] = [await app.challenged(nextPhone()), await app.challenged(nextPhone())];
      const left: unknown[] = [];
      for (const wrong of wrongCodes(closed.code, 5)) {
        left.push((await app.check(closed.token, wrong)).body.attemptsLeft);
        if (left.length < 5) await app.check(open.token, wrongCodes(open.code, 5)[left.length] ?? '');
      }
      expect(left).toEqual([4, 3, 2, 1, 0]);
      expect((await app.check(closed.token, closed.code)).body.code).toBe('challenge_locked');
      const { status, body } = await app.check(open.token, open.code);
      expect([status, body.verified]).toEqual([200, true]);
      expect((await app.check(open.token, open.code)).body.code).toBe('code_expired');
      // The attempt that was right is given back: the next code of the number has as many as if it had not been.
      expect((await new Person(system, '').status(open.token)).attemptsLeft).toBe(1);
      const sql = `SELECT cardinality(b.fails) AS n FROM failure_budgets b JOIN otp_attempts c ON c.budget_key = b.key
                    WHERE c.consumed_at IS NOT NULL AND c.purpose = 'phone_verification'`;
      expect((await system.database.query<{ n: number }>(sql)).rows).toEqual([{ n: 4 }]);
    });

    it.each<[string, (phone: string) => unknown]>([
      ['comes later than 15 s after the code', () => system.clock.advance(15)],
      ['is about a verification that another has followed', (phone) => followed(system, phone)],
    ])('a yes that %s is none', async (_, meanwhile) => {
      const phone = nextPhone();
      const { token, code } = await app.challenged(phone);
      await setFault(system, provider, { kind: 'delay', ms: 3000 });
      const answer = app.check(token, code);
      await beingJudged(new Person(system, ''), token);
      await meanwhile(phone);
      expect((await answer).body.code).toBe('code_expired');
    });

    it('a vendor that is down: 503 provider_unavailable with the attempt spent', async () => {
      const { token, code } = await app.challenged(nextPhone());
      await setFault(system, provider, { kind: 'status', status: 500 });
      const { status, body } = await app.check(token, code);
      expect([status, body.code]).toEqual([503, 'provider_unavailable']);
      await clearFault(system, provider);
      expect((await new Person(system, '').status(token)).attemptsLeft).toBe(4);
      expect((await app.check(token, code)).status).toBe(200);
    });

    it('a call carries the first code when the client app wants one', async () => {
      const phone = nextPhone();
      const { token, code } = await app.challenged(phone, { channel: 'voice' });
      expect((await system.phone.messages(phone)).map(({ channel }) => channel)).toEqual(['voice']);
      expect((await app.check(token, code)).status).toBe(200);
    });
  });
});

describe('a vendor that hangs, or has let the code expire', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let vendor: VendorStub;

  beforeAll(async () => {
    vendor = await VendorStub.start(() => undefined);
    system = await startSystem({ provider: 'infobip-2fa', env: { INFOBIP_BASE_URL: vendor.origin } });
  });

  afterAll(async () => {
    await system.stop();
    await vendor.stop();
  });

  async function registered(): Promise<{ person: Person; token: string }> {
    vendor.answer = json(200, { pinId: 'PIN1', to: '1', ncStatus: 'NC_NOT_CONFIGURED', smsStatus: 'MESSAGE_SENT' });
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    return { person, token };
  }

  it('a hanging vendor is given up after 5 s: 503, and the attempt is spent', async () => {
    const { person, token } = await registered();
    vendor.answer = () => undefined;
    const began = Date.now();
    const { status, body } = await person.verify(token, '123456');
    expect([status, body.code]).toEqual([503, 'provider_unavailable']);
    expect(Date.now() - began).toBeLessThan(6500);
    expect((await person.status(token)).attemptsLeft).toBe(4);
  });

  it('expired at the vendor while ours is live: code_invalid, then code_expired without asking, and a resend at once', async () => {
    const { person, token } = await registered();
    vendor.answer = json(200, { pinId: 'PIN1', verified: false, attemptsRemaining: 9, pinError: 'TTL_EXPIRED' });
    const first = await person.verify(token, '123456');
    expect([first.status, first.body.code, first.body.attemptsLeft]).toEqual([401, 'code_invalid', 4]);
    const asked = vendor.requests.length;
    expect((await person.verify(token, '123456')).body.code).toBe('code_expired');
    expect(vendor.requests.length).toBe(asked);
    expect(await person.status(token)).toMatchObject({
      state: 'pending',
      delivery: 'failed',
      attemptsLeft: 4,
      next: ['resend_sms', 'resend_voice'],
    });
    vendor.answer = json(200, { pinId: 'PIN9', to: '1', ncStatus: 'NC_NOT_CONFIGURED', smsStatus: 'MESSAGE_SENT' });
    expect((await person.resend(token)).status).toBe(202);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(vendor.requests.at(-1)?.path).toBe('/2fa/2/pin?ncNeeded=false'); // a new verification, not the ended one
  });

  it('ended at the vendor after its message was delivered: the delivery is told as failed, and a resend at once', async () => {
    const { person, token } = await registered();
    const { rowCount } = await system.database.query(
      `UPDATE sms_deliveries d SET status = 'delivered', delivered_at = d.created_at FROM otp_attempts c
        WHERE c.id = d.reference_id AND c.phone = $1`,
      [person.phone],
    );
    expect(rowCount).toBe(1);
    expect((await person.status(token)).delivery).toBe('delivered');
    vendor.answer = json(200, { pinId: 'PIN1', verified: false, attemptsRemaining: 9, pinError: 'TTL_EXPIRED' });
    expect((await person.verify(token, '123456')).body.code).toBe('code_invalid');
    expect(await person.status(token)).toMatchObject({ delivery: 'failed', next: ['resend_sms', 'resend_voice'] });
  });

  it('a yes about another verification is not a yes', async () => {
    const { person, token } = await registered();
    vendor.answer = json(200, { pinId: 'PIN2', verified: true, attemptsRemaining: 9 });
    const { status, body } = await person.verify(token, '123456');
    expect([status, body.code]).toEqual([503, 'provider_unavailable']);
    expect((await person.status(token)).state).toBe('pending');
  });
});
