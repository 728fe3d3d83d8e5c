// The simulated Sinch Verification behaves as the vendor's documents say: a code is tried once, a newer start replaces the
// older one, a reference is used once, and only a signed caller is heard.
import { dialect } from '../../src/sms/providers/sinch/sinch-verification.dialect';
import { sinchSignature } from '../../src/sms/providers/sinch/sinch.signature';
import { DialectBench } from './dialect-bench';

const root = '/verification/v1/verifications';
const endpoint = '+12025550143';
const notFound = { status: 404, body: { errorCode: 40400, message: 'Requested resource was not found.' } };
const basic = ({ SINCH_APPLICATION_KEY: key, SINCH_APPLICATION_SECRET: secret }: Readonly<Record<string, string>>) =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

describe('the Sinch Verification dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, basic);
  });

  const startBody = (more: object = {}) => ({ identity: { type: 'number', endpoint }, method: 'sms', ...more });
  const start = (more: object = {}): string => {
    const { status, body } = bench.call('POST', root, { body: startBody(more) });
    expect(status).toBe(200);
    return (body as { id: string }).id;
  };
  const report = (id: string, code: string, method = 'sms') =>
    bench.call('PUT', `${root}/id/${id}`, { body: { method, [method]: { code } } });

  it('ends a verification with its right code, once', () => {
    const id = start();
    expect(report(id, bench.code)).toEqual({ status: 200, body: { id, method: 'sms', status: 'SUCCESSFUL' } });
    expect(report(id, bench.code)).toEqual(notFound);
  });

  it('ends a verification with a wrong code: the right one comes too late', () => {
    const id = start();
    const fail = { id, method: 'sms', status: 'FAIL', reason: 'Invalid code' };
    expect(report(id, bench.wrongCode)).toEqual({ status: 200, body: fail });
    expect(report(id, bench.code)).toEqual(notFound);
    expect(bench.call('GET', `${root}/id/${id}`).body).toMatchObject(fail);
  });

  it.each([
    ['after its 600 s', {}, 600],
    ['after the expiry that the start asked for', { smsOptions: { expiry: '00:01:30' } }, 90],
  ])('takes the right code until a second before, and fails it as Expired %s', (_when, options, seconds) => {
    const early = start(options);
    bench.clock.advance(seconds - 1);
    expect(report(early, bench.code).body).toMatchObject({ status: 'SUCCESSFUL' });
    const late = start(options);
    bench.clock.advance(seconds);
    expect(report(late, bench.code).body).toEqual({ id: late, method: 'sms', status: 'FAIL', reason: 'Expired' });
    expect(report(late, bench.code)).toEqual(notFound);
  });

  it('aborts the running verification of a number when a new one starts, and of no other number', () => {
    const other = start({ identity: { type: 'number', endpoint: '+12025550144' } });
    const otherCode = bench.code;
    const older = start();
    const olderCode = bench.code;
    const newer = start();
    expect(report(older, olderCode)).toEqual({ status: 200, body: { id: older, method: 'sms', status: 'ABORTED' } });
    expect(report(newer, bench.code).body).toMatchObject({ status: 'SUCCESSFUL' });
    expect(report(other, otherCode).body).toMatchObject({ status: 'SUCCESSFUL' });
  });

  it('refuses a reference that was used with 409/40900, sends nothing, and finds the first one by it', () => {
    const id = start({ reference: 'ours-1' });
    const again = bench.call('POST', root, { body: startBody({ reference: 'ours-1' }) });
    expect(again).toMatchObject({ status: 409, body: { errorCode: 40900 } });
    expect(bench.phone).toHaveLength(1);
    const found = bench.call('GET', `${root}/reference/ours-1`).body;
    expect(found).toMatchObject({ id, status: 'PENDING', reference: 'ours-1' });
    expect(bench.call('GET', `${root}/reference/ours-2`)).toEqual(notFound);
  });

  it('calls for a callout, and takes its code as callout only', () => {
    const id = start({ method: 'callout' });
    expect(bench.phone).toMatchObject([{ to: endpoint, channel: 'voice' }]);
    expect(report(id, bench.code, 'sms')).toMatchObject({ status: 400, body: { errorCode: 40003 } });
    expect(report(id, bench.code, 'callout').body).toMatchObject({ method: 'callout', status: 'SUCCESSFUL' });
  });

  it.each([
    ['no number', { identity: {} }, 40002],
    ['a number without +', { identity: { type: 'number', endpoint: '12025550143' } }, 40005],
    ['a number that is none', { identity: { type: 'number', endpoint: '+1' } }, 40001],
    ['a method that it has not', { method: 'pigeon' }, 40001],
  ])('refuses a start with %s and sends nothing', (_what, change, errorCode) => {
    const refused = bench.call('POST', root, { body: startBody(change) });
    expect(refused).toMatchObject({ status: 400, body: { errorCode } });
    expect(bench.phone).toEqual([]);
  });

  describe('hears only a customer who signs', () => {
    const timestamp = '2026-07-16T12:00:00.000Z';
    const body = startBody();
    const signed = (change: { secret?: string; key?: string; body?: object; timestamp?: string } = {}) => {
      const { SINCH_APPLICATION_KEY: key = '', SINCH_APPLICATION_SECRET: secret = '' } = bench.credentials;
      const text = JSON.stringify(change.body ?? body);
      const over = { method: 'POST', body: text, contentType: 'application/json', timestamp, path: root };
      const signature = sinchSignature(change.secret ?? secret, over);
      return bench.call('POST', root, {
        body,
        headers: {
          authorization: `Application ${change.key ?? key}:${signature}`,
          'x-timestamp': change.timestamp ?? timestamp,
        },
      });
    };

    it('takes a request that is signed as the vendor says', () => {
      expect(signed().status).toBe(200);
    });

    it.each([
      ['under another secret', { secret: 'BeIukql3pTKJ8RGL5zo0DA==' }, 40102],
      ['over another body', { body: { ...body, method: 'callout' } }, 40102],
      ['over another time', { timestamp: '2026-07-16T12:00:01.000Z' }, 40102],
      ['without a time', { timestamp: '' }, 40101],
      ['as a stranger', { key: 'stranger' }, 40107],
    ])('refuses a signature %s', (_how, change, errorCode) => {
      expect(signed(change)).toMatchObject({ status: 401, body: { errorCode } });
      expect(bench.phone).toEqual([]);
    });

    it.each([
      ['', 40104],
      ['Bearer token', 40100],
      ['Basic c3RyYW5nZXI6c3RyYW5nZXI=', 40107],
    ])('and refuses the header "%s"', (authorization, errorCode) => {
      const refused = bench.call('POST', root, { body, headers: { authorization } });
      expect(refused).toMatchObject({ status: 401, body: { errorCode } });
    });
  });
});
