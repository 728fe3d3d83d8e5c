// What a code may be entered as, for what, how often and how long, and where it must never appear. One sender (we make the
// code); codes have 10 digits here, so that finding one by chance is out of the question.
import { ApiClient, type ApiAnswer, type RequestOptions } from '../support/api-client';
import { everyTable, keepFinishedJobs } from '../support/dump';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';

/** Everything any request of this file was answered. */
class RecordingClient extends ApiClient {
  readonly answers: string[] = [];

  override async request<Body>(method: string, path: string, body?: unknown, options: RequestOptions = {}) {
    const answer: ApiAnswer<Body> = await super.request<Body>(method, path, body, options);
    this.answers.push(`${JSON.stringify([...answer.headers])}\n${answer.text}`);
    return answer;
  }
}

describe('codes', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let api: RecordingClient;

  beforeAll(async () => {
    system = await startSystem({ env: { OTP_LENGTH: '10' } });
    api = new RecordingClient(system.api.url);
  });

  afterAll(() => system.stop());

  const someone = () => new Person(system, nextPhone(), PASSWORD, api);

  async function attempts(table: 'failed', phone: string): Promise<number> {
    const text = `SELECT ${table} AS n FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1`;
    return (await system.database.query<{ n: number }>(text, [phone])).rows[0]?.n ?? -1;
  }

  it.each(['register', 'login'] as const)(
    'A01: five wrong codes end the %s challenge; then even the right one is refused',
    async (route) => {
      const person = someone();
      if (route === 'login') await person.joined();
      const { token, code } = await person.challenged(route);
      const left: unknown[] = [];
      for (const wrong of wrongCodes(code, 5)) {
        const { status, body } = await person.verify(token, wrong);
        left.push([status, body.code, body.attemptsLeft]);
      }
      expect(left).toEqual([4, 3, 2, 1, 0].map((attemptsLeft) => [401, 'code_invalid', attemptsLeft]));

      for (const late of [code, ...wrongCodes(code, 1)]) {
        const refused = await person.verify(token, late);
        expect([refused.status, refused.body.code]).toEqual([429, 'challenge_locked']);
        expect(refused.body.attemptsLeft).toBeUndefined();
        const retryAfter = Number(refused.headers.get('retry-after'));
        expect(retryAfter).toBeGreaterThan(0);
        expect(retryAfter).toBeLessThanOrEqual(300);
        expect(refused.body.retryAfter).toBe(retryAfter);
      }
      expect(await attempts('failed', person.phone)).toBe(5);
    },
  );

  it('A08: a code is right once, and not after its time, which no resend extends and no header moves', async () => {
    const person = someone();
    const { token, code } = await person.challenged('register');
    expect((await person.verify(token, code)).status).toBe(200);
    const replay = await person.verify(token, code);
    expect([replay.status, replay.body.code]).toEqual([401, 'code_expired']);

    const later = await person.challenged('login');
    system.clock.advance(120);
    const after = await system.phone.newest(person.phone);
    const resent = await person.resend(later.token);
    expect(resent.status).toBe(202);
    expect(await person.codeOf(later.token, after)).toBe(later.code);
    system.clock.advance(181);
    const past = new Date(Date.now() - 3_600_000).toUTCString();
    for (const headers of [{}, { date: past, 'x-date': past }]) {
      const late = await api.post(
        '/v1/auth/otp/verify',
        { challengeToken: later.token, code: later.code },
        { headers },
      );
      expect([late.status, late.body['code']]).toEqual([401, 'code_expired']);
    }
    expect((await person.status(later.token)).state).toBe('expired');
  });

  it('A08: the last second of a code is good', async () => {
    const person = someone();
    const { token, code } = await person.challenged('register');
    const { expiresAt } = await person.status(token);
    system.clock.advance((Date.parse(expiresAt) - system.clock.now().getTime()) / 1000 - 2);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A12: a code is good for its own challenge only, and nothing in the body names another account', async () => {
    const [mallory, ursula] = [someone(), someone()];
    await mallory.joined();
    await ursula.joined();
    const own = await mallory.challenged('login');
    const foreign = await ursula.challenged('login');
    const crossed = await mallory.verify(foreign.token, own.code);
    expect([crossed.status, crossed.body.code]).toEqual([401, 'code_invalid']);
    for (const extra of [
      { userId: '018f0000-0000-7000-8000-000000000000' },
      { phone: ursula.phone },
      { challengeId: foreign.token },
    ]) {
      const refused = await mallory.verify(own.token, own.code, extra);
      expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
    }
    expect((await mallory.verify(own.token, own.code)).status).toBe(200);
    expect((await ursula.verify(foreign.token, foreign.code)).status).toBe(200);
  });

  it('A12: a challenge token that was altered is no challenge of ours', async () => {
    const person = someone();
    const { token, code } = await person.challenged('register');
    const last = token.endsWith('A') ? 'B' : 'A';
    const altered = [
      token.replace('rg10_', 'lg10_'),
      token.slice(0, -1) + last,
      token.replace('rg10_', 'rg4_'),
      'x'.repeat(10_000),
      '',
    ];
    for (const forged of altered) {
      const refused = await person.verify(forged, code);
      expect([refused.status, refused.body.code]).toEqual([401, 'token_invalid']);
      expect((await person.resend(forged)).body.code).toBe('token_invalid');
    }
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A13: a pending challenge is no access token', async () => {
    const person = someone();
    const { token } = await person.challenged('register');
    const refused = await api.get('/v1/users/me', { token });
    expect([refused.status, refused.body['code']]).toEqual([401, 'token_type_invalid']);
  });

  it('A14: a code is one string of digits; anything else is 400, and not counted', async () => {
    const person = someone();
    const { token, code } = await person.challenged('register');
    const arabic = code.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    const many = wrongCodes(code, 99);
    const shapes = [
      Number(code),
      true,
      null,
      [],
      [code],
      [...many, code],
      { $ne: '' },
      { length: code.length },
      '',
      ` ${code}`,
      `${code}\n`,
      `${code} `,
      '%',
      '%%%%%%',
      arabic,
      code.slice(0, -1),
      `0${code}`,
      `+${code.slice(1)}`,
      '1e9',
      undefined,
    ];
    for (const shape of shapes) {
      const { status, body } = await person.verify(token, shape);
      expect([shape, status, body.code]).toEqual([shape, 400, 'validation_failed']);
    }
    const huge = await person.verify(token, '1'.repeat(1_000_000));
    expect([huge.status, huge.body.code]).toEqual([413, 'payload_too_large']);
    expect(await attempts('failed', person.phone)).toBe(0);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A14: a code of another length is 400 and not counted, however often', async () => {
    const person = someone();
    const { token, code } = await person.challenged('register');
    for (const other of ['1234', '123456', '123456789']) {
      const { status, body } = await person.verify(token, other);
      expect([status, body.code, body.errors]).toEqual([
        400,
        'validation_failed',
        [{ pointer: '/code', code: 'length' }],
      ]);
    }
    expect((await person.status(token)).attemptsLeft).toBe(5);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A20: a leading zero is part of the code', async () => {
    const person = someone();
    let { token, code } = await person.challenged('register');
    while (!code.startsWith('0')) {
      system.clock.advance(31);
      ({ token, code } = await person.challenged('register'));
    }
    const stripped = await person.verify(token, code.replace(/^0+/, ''));
    expect([stripped.status, stripped.body.code]).toEqual([400, 'validation_failed']);
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A59: a code goes to the number of the account, whatever the request names', async () => {
    const person = someone();
    await person.joined();
    const other = nextPhone();
    for (const extra of [{ phone: other }, { to: other }, { channel: 'voice' }, { destination: other }]) {
      expect((await person.login(extra)).body.code).toBe('validation_failed');
      const { token } = await someone().challenged('register');
      const resend = await api.post('/v1/auth/otp/resend', { challengeToken: token, ...extra });
      expect(resend.status).toBe('channel' in extra ? 422 : 400);
    }
    await person.challenged('login');
    expect(await system.phone.messages(other)).toEqual([]);
  });

  it('A21: an outstanding code, its token and the number are nowhere in the tables, the queue or the logs', async () => {
    await keepFinishedJobs(system);
    const person = someone();
    const tokens = await person.joined();
    const { token, code } = await person.challenged('login');
    const dump = await everyTable(system);
    expect(dump).toContain(person.phone); // the dump is of the right database
    expect(dump.match(/source["\\]+ ?: ?["\\]+code/g)?.length).toBeGreaterThanOrEqual(2); // and has the jobs of both sends
    const secrets = [code, Number(code).toString(), token, token.slice(5), PASSWORD];
    for (const secret of [...secrets, tokens.accessToken, tokens.refreshToken ?? 'none']) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
      expect(system.logs()).not.toContain(secret);
    }
    expect(system.logs()).not.toContain(person.phone.slice(1));
    expect(system.logs()).toContain('"event":"ready"');
  });

  it('A16: no answer to any request of this file carried a code that was sent', async () => {
    const response = await fetch(`${system.simulator}/requests?provider=telnyx`);
    const sent = (await response.json()) as { body: string }[];
    const codes = sent.map(({ body }) => /#(\d{10})/.exec(body)?.[1] ?? 'none');
    expect(codes.length).toBeGreaterThan(15);
    expect(codes).not.toContain('none');
    const answered = api.answers.join('\n');
    expect(api.answers.length).toBeGreaterThan(50);
    expect(codes.filter((code) => answered.includes(code))).toEqual([]);
  });
});
