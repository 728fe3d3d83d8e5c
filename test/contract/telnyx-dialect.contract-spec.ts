// The simulated Telnyx takes a message only from its customer, from a number of theirs, to a number that can be one.
import { dialect } from '../../src/sms/providers/telnyx/telnyx.dialect';
import { DialectBench } from './dialect-bench';

const authorization = ({ TELNYX_API_KEY }: Readonly<Record<string, string>>) => `Bearer ${TELNYX_API_KEY}`;
const profile = '4000eba1-a0c0-4563-9925-b25e842a7cb7';

describe('the Telnyx dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization, { TELNYX_MESSAGING_PROFILE_ID: profile });
  });

  const send = (change: object = {}, headers: Readonly<Record<string, string>> = {}) => {
    const from = bench.credentials['TELNYX_PHONE_NUMBER'];
    const body = { from, to: '+12025550143', text: 'Your code is 123456.\n\n@localhost #123456', ...change };
    return bench.call('POST', '/v2/messages', { body, headers });
  };
  const refusal = (status: number, code: string, pointer?: string) => ({
    status,
    body: { errors: [{ code, ...(pointer !== undefined && { source: { pointer } }) }] },
  });

  it('queues a message with an id of its own and puts it on the phone', () => {
    const ids = [send(), send()].map(({ status, body }) => {
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { data: { to: [{ status: 'queued' }], errors: [] } },
      });
      return (body as { data: { id: string } }).data.id;
    });
    expect(new Set(ids).size).toBe(2);
    expect(bench.phone).toMatchObject([{ to: '+12025550143', code: '123456', channel: 'sms' }, { code: '123456' }]);
  });

  it.each(['Bearer wrong', 'Basic wrong', ''])('refuses the credentials "%s"', (wrong) => {
    expect(send({}, { authorization: wrong })).toMatchObject(refusal(401, '10009'));
    expect(bench.phone).toEqual([]);
  });

  it.each([
    ['a number that is none', { to: '+1' }, 422, '10016', '/to'],
    ['a number without +', { to: '12025550143' }, 422, '10016', '/to'],
    ['no number', { to: undefined }, 422, '10004', '/to'],
    ['no text', { text: undefined }, 422, '10004', '/text'],
    ['an empty text', { text: '' }, 422, '10004', '/text'],
    ['no from', { from: undefined }, 400, '40305', '/from'],
    ["another customer's from", { from: '+13125550199' }, 400, '40305', '/from'],
    ["another customer's number pool", { from: undefined, messaging_profile_id: 'other' }, 400, '40305', '/from'],
    ['a type that it has not', { type: 'FAX' }, 422, '10015', '/type'],
  ])('refuses %s and sends nothing', (_what, change, status, code, pointer) => {
    expect(send(change)).toMatchObject(refusal(status, code, pointer));
    expect(bench.phone).toEqual([]);
  });

  it('sends without a from through the number pool of the profile', () => {
    expect(send({ from: undefined, messaging_profile_id: profile }).status).toBe(200);
  });

  it('refuses a body that is not JSON', () => {
    expect(send({}, { 'content-type': 'text/plain' })).toMatchObject(refusal(400, '10015'));
  });
});
