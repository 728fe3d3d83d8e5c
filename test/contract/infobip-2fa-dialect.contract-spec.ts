// The simulated Infobip 2FA keeps the life of a PIN as the application's settings say: time to live, attempts, one use, and
// the limits on sending and verifying.
import { dialect, infobip2faDialect } from '../../src/sms/providers/infobip/infobip-2fa.dialect';
import { DialectBench } from './dialect-bench';

const authorization = ({ INFOBIP_API_KEY }: Readonly<Record<string, string>>) => `App ${INFOBIP_API_KEY}`;
const settings = {
  pinAttempts: 3,
  allowMultiplePinVerifications: false,
  pinTimeToLiveSeconds: 900,
  verifyPinLimit: { count: 100, seconds: 3 },
  sendPinPerPhoneNumberLimit: { count: 3, seconds: 86_400 },
};
const refusal = (status: number, messageId: string) => ({
  status,
  body: { requestError: { serviceException: { messageId } } },
});

describe('the Infobip 2FA dialect', () => {
  let bench: DialectBench;
  const use = (change: Partial<typeof settings> = {}) => {
    bench = new DialectBench(infobip2faDialect({ ...settings, ...change }), authorization);
  };
  beforeEach(() => use());

  const tryStart = (change: object = {}, voice = '') => {
    const { INFOBIP_2FA_APP_ID: applicationId, INFOBIP_2FA_MSG_ID: messageId } = bench.credentials;
    const body = { applicationId, messageId, to: '41793026727', ...change };
    return bench.call('POST', `/2fa/2/pin${voice}?ncNeeded=false`, { body });
  };
  const start = (change: object = {}): string => {
    const { status, body } = tryStart(change);
    expect(status).toBe(200);
    return (body as { pinId: string }).pinId;
  };
  const verify = (id: string, pin: string) => bench.call('POST', `/2fa/2/pin/${id}/verify`, { body: { pin } });
  const verdict = (id: string, pin: string) => verify(id, pin).body;
  const resend = (id: string, voice = '') => bench.call('POST', `/2fa/2/pin/${id}/resend${voice}`, { body: {} });

  it('verifies a right PIN after a wrong one, and counts both', () => {
    const pinId = start();
    const pin = { pinId, msisdn: '41793026727' };
    const wrong = { ...pin, verified: false, attemptsRemaining: 2, pinError: 'WRONG_PIN' };
    expect(verify(pinId, bench.wrongCode)).toEqual({ status: 200, body: wrong });
    expect(verdict(pinId, bench.code)).toEqual({ ...pin, verified: true, attemptsRemaining: 1 });
  });

  it('verifies a PIN once, unless the application allows more', () => {
    const once = start();
    expect(verdict(once, bench.code)).toMatchObject({ verified: true });
    expect(verdict(once, bench.code)).toMatchObject({ verified: false });
    use({ allowMultiplePinVerifications: true });
    const often = start();
    expect(verdict(often, bench.code)).toMatchObject({ verified: true });
    expect(verdict(often, bench.code)).toMatchObject({ verified: true });
  });

  it('is set up as our README asks: a PIN is verified once', () => {
    bench = new DialectBench(dialect, authorization);
    const pinId = start();
    expect(verdict(pinId, bench.code)).toMatchObject({ verified: true });
    expect(verdict(pinId, bench.code)).toMatchObject({ verified: false });
  });

  it('answers TTL_EXPIRED from the end of the time to live, which a resend does not move', () => {
    const early = start();
    bench.clock.advance(899);
    expect(verdict(early, bench.code)).toMatchObject({ verified: true });
    const late = start();
    bench.clock.advance(899);
    expect(resend(late).status).toBe(200);
    bench.clock.advance(1);
    expect(verdict(late, bench.code)).toMatchObject({ verified: false, pinError: 'TTL_EXPIRED' });
  });

  it('answers NO_MORE_PIN_ATTEMPTS once the attempts are spent, whatever the PIN', () => {
    const pinId = start();
    for (const attemptsRemaining of [2, 1, 0]) {
      expect(verdict(pinId, bench.wrongCode)).toMatchObject({ attemptsRemaining, pinError: 'WRONG_PIN' });
    }
    const spent = { verified: false, attemptsRemaining: 0, pinError: 'NO_MORE_PIN_ATTEMPTS' };
    expect(verdict(pinId, bench.code)).toMatchObject(spent);
  });

  it('sends the same PIN again, as a text or as a call', () => {
    const pinId = start();
    expect(resend(pinId).body).toMatchObject({ pinId, smsStatus: 'MESSAGE_SENT' });
    expect(resend(pinId, '/voice').body).toMatchObject({ pinId, callStatus: 'PENDING_ACCEPTED' });
    expect(bench.phone.map(({ channel }) => channel)).toEqual(['sms', 'sms', 'voice']);
    expect(new Set(bench.phone.map(({ code }) => code)).size).toBe(1);
  });

  it('limits what a number gets, resends included, until the window has passed; other numbers go on', () => {
    const pinId = start();
    expect(resend(pinId).status).toBe(200);
    expect(tryStart({}, '/voice').status).toBe(200);
    expect(tryStart()).toMatchObject(refusal(429, 'TOO_MANY_REQUESTS'));
    expect(resend(pinId)).toMatchObject(refusal(429, 'TOO_MANY_REQUESTS'));
    expect(bench.phone).toHaveLength(3);
    start({ to: '41793026728' });
    bench.clock.advance(86_400);
    start();
  });

  it('limits how fast a PIN is tried, and such a try is not evaluated', () => {
    use({ verifyPinLimit: { count: 1, seconds: 3 } });
    const pinId = start();
    expect(verdict(pinId, bench.wrongCode)).toMatchObject({ attemptsRemaining: 2 });
    expect(verify(pinId, bench.code)).toMatchObject(refusal(429, 'TOO_MANY_REQUESTS'));
    bench.clock.advance(3);
    expect(verdict(pinId, bench.code)).toMatchObject({ verified: true, attemptsRemaining: 1 });
  });

  it.each(['App wrong', 'Bearer wrong', ''])('refuses the key "%s" on every operation, and sends nothing', (wrong) => {
    const headers = { authorization: wrong };
    const pinId = start();
    for (const path of ['', '/voice', `/${pinId}/resend`, `/${pinId}/resend/voice`, `/${pinId}/verify`]) {
      const refused = bench.call('POST', `/2fa/2/pin${path}`, { headers, body: { pin: bench.code } });
      expect(refused).toMatchObject(refusal(401, 'UNAUTHORIZED'));
    }
    expect(bench.phone).toHaveLength(1);
  });

  it.each([
    ['an application', { applicationId: 'other' }],
    ['a message', { messageId: 'other' }],
  ])('does not know %s of another account', (_what, change) => {
    expect(tryStart(change)).toMatchObject(refusal(404, 'NOT_FOUND'));
  });

  it('does not know a PIN that it never made', () => {
    expect(verify('0123456789ABCDEF', '123456')).toMatchObject(refusal(404, 'NOT_FOUND'));
    expect(resend('0123456789ABCDEF')).toMatchObject(refusal(404, 'NOT_FOUND'));
  });

  it.each([['+'], ['1'], ['12a4567890'], ['']])('names `to` when the number is "%s"', (to) => {
    const validationErrors = { to: [expect.any(String)] };
    const refused = { requestError: { serviceException: { messageId: 'BAD_REQUEST', validationErrors } } };
    expect(tryStart({ to })).toMatchObject({ status: 400, body: refused });
  });
});
