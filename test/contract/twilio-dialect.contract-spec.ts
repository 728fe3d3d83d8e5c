// The simulated Twilio takes a message only from its customer, as a form, from a sender of theirs, to a number that can be one.
import { dialect } from '../../src/sms/providers/twilio/twilio.dialect';
import { DialectBench } from './dialect-bench';

const basic = (account = '', token = '') => `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`;
const authorization = ({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }: Readonly<Record<string, string>>) =>
  basic(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN);
const service = 'MG0123456789abcdef0123456789abcdef';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('the Twilio dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization, { TWILIO_MESSAGING_SERVICE_SID: service });
  });

  const send = (change: Readonly<Record<string, string | undefined>> = {}, headers: Record<string, string> = form) => {
    const account = bench.credentials['TWILIO_ACCOUNT_SID'];
    const fields = {
      From: bench.credentials['TWILIO_FROM'],
      To: '+12025550143',
      Body: 'Your code is 123456.\n\n@localhost #123456',
      ...change,
    };
    const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
    const body = new URLSearchParams(sent).toString();
    return bench.call('POST', `/2010-04-01/Accounts/${account}/Messages.json`, { body, headers });
  };
  const refusal = (status: number, code: number) => ({
    status,
    body: { code, status, more_info: `https://www.twilio.com/docs/errors/${code}` },
  });

  it('queues a message with a SID of its own and puts it on the phone', () => {
    const sids = [send(), send()].map(({ status, body }) => {
      expect({ status, body }).toMatchObject({ status: 201, body: { status: 'queued', error_code: null } });
      return (body as { sid: string }).sid;
    });
    expect(new Set(sids).size).toBe(2);
    for (const sid of sids) expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(bench.phone).toMatchObject([{ to: '+12025550143', code: '123456', channel: 'sms' }, { code: '123456' }]);
  });

  it('accepts a message through the messaging service, which has no sender yet', () => {
    const { status, body } = send({ From: undefined, MessagingServiceSid: service });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { status: 'accepted', from: null, num_segments: '0' },
    });
  });

  it.each([basic('AC0123456789abcdef0123456789abcdef', 'wrong'), 'Bearer wrong', ''])(
    'refuses the credentials "%s"',
    (wrong) => {
      expect(send({}, { ...form, authorization: wrong })).toMatchObject(refusal(401, 20003));
      expect(bench.phone).toEqual([]);
    },
  );

  it("knows no account but the caller's own", () => {
    const path = '/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json';
    expect(bench.call('POST', path, { body: 'To=%2B12025550143', headers: form })).toMatchObject(refusal(404, 20404));
  });

  it.each([
    ['a number that is none', { To: '+1' }, 21211],
    ['a number without +', { To: '12025550143' }, 21211],
    ['no number', { To: undefined }, 21211],
    ['no text', { Body: undefined }, 21602],
    ['a text above 1600 characters', { Body: 'a'.repeat(1601) }, 21617],
    ['no sender', { From: undefined }, 21603],
    ["another customer's sender", { From: '+13125550199' }, 21606],
    ["the test credentials' invalid sender", { From: '+15005550001' }, 21212],
    ["the test credentials' full queue", { From: '+15005550008' }, 21611],
    ["the test credentials' invalid number", { To: '+15005550001' }, 21211],
    ["the test credentials' number without a route", { To: '+15005550002' }, 21612],
    ["the test credentials' country that is not enabled", { To: '+15005550003' }, 21408],
    ["the test credentials' number that sent STOP", { To: '+15005550004' }, 21610],
    ["the test credentials' landline", { To: '+15005550009' }, 21614],
  ])('refuses %s and sends nothing', (_what, change, code) => {
    expect(send(change)).toMatchObject(refusal(400, code));
    expect(bench.phone).toEqual([]);
  });

  it('does not know the messaging service of another account', () => {
    const change = { From: undefined, MessagingServiceSid: 'MG00000000000000000000000000000000' };
    expect(send(change)).toMatchObject({ body: { code: 20404 } });
    expect(bench.phone).toEqual([]);
  });

  it('reads nothing from a body that is no form', () => {
    expect(send({}, { 'content-type': 'application/json' })).toMatchObject(refusal(400, 21211));
  });
});
