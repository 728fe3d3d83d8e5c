// The simulated Telnyx Verify sends a code of its customer or of its own, and checks it in time, five times, once.
import { dialect } from '../../src/sms/providers/telnyx/telnyx-verify.dialect';
import { DialectBench } from './dialect-bench';

const authorization = ({ TELNYX_API_KEY }: Readonly<Record<string, string>>) => `Bearer ${TELNYX_API_KEY}`;
const phone = '+13035551234';
const root = '/v2/verifications';

describe('the Telnyx Verify dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization);
  });

  const tryStart = (change: object = {}, path = '/sms') => {
    const profile = bench.credentials['TELNYX_VERIFY_PROFILE_ID'];
    const body = { phone_number: phone, verify_profile_id: profile, ...change };
    return bench.call('POST', `${root}${path}`, { body });
  };
  const start = (change: object = {}, path = '/sms'): string => {
    const { status, body } = tryStart(change, path);
    expect(status).toBe(200);
    return (body as { data: { id: string } }).data.id;
  };
  const verify = (id: string, body: object) => bench.call('POST', `${root}/${id}/actions/verify`, { body });
  const said = (response_code: string) => ({ status: 200, body: { data: { phone_number: phone, response_code } } });
  const statusOf = (id: string) =>
    (bench.call('GET', `${root}/${id}`).body as { data: { status: string } }).data.status;
  const refusal = (status: number, code: string, pointer?: string) => ({
    status,
    body: { errors: [{ code, ...(pointer !== undefined && { source: { pointer } }) }] },
  });

  it.each([
    ['/sms', 'sms'],
    ['/call', 'voice'],
  ])('sends the code it is given by %s, and shows it', (path, channel) => {
    const { body } = tryStart({ custom_code: '043612', timeout_secs: 60 }, path);
    expect(bench.phone).toMatchObject([{ to: phone, code: '043612', channel }]);
    const data = { custom_code: '043612', timeout_secs: 60, status: 'pending', record_type: 'verification' };
    expect(body).toMatchObject({ data });
  });

  it('makes a code of 5 digits when it is given none', () => {
    const id = start();
    expect(bench.code).toMatch(/^\d{5}$/);
    expect(bench.call('GET', `${root}/${id}`).body).toMatchObject({ data: { custom_code: null, timeout_secs: 300 } });
  });

  it('accepts the right code after a wrong one, once', () => {
    const id = start();
    expect(verify(id, { code: bench.wrongCode })).toEqual(said('rejected'));
    expect(verify(id, { code: bench.code })).toEqual(said('accepted'));
    expect(statusOf(id)).toBe('accepted');
    expect(verify(id, { code: bench.code })).toEqual(said('rejected'));
  });

  it('is over after five wrong codes', () => {
    const id = start();
    for (let tries = 0; tries < 5; tries++) expect(verify(id, { code: bench.wrongCode })).toEqual(said('rejected'));
    expect(verify(id, { code: bench.code })).toEqual(said('rejected'));
    expect(statusOf(id)).toBe('invalid');
  });

  it.each([
    ['300 s', {}, 300],
    ['the time it was given', { timeout_secs: 60 }, 60],
  ])('expires after %s', (_what, change, seconds) => {
    const [early, code] = [start(change), bench.code];
    bench.clock.advance(seconds - 1);
    expect(verify(early, { code })).toEqual(said('accepted'));
    const late = start(change);
    bench.clock.advance(seconds);
    expect(verify(late, { code: bench.code })).toEqual(said('rejected'));
    expect(statusOf(late)).toBe('expired');
  });

  it('takes the verdict of a customer who checks a code of their own, and of no other', () => {
    const own = start({ custom_code: '4711' });
    expect(verify(own, { status: 'accepted' })).toEqual(said('accepted'));
    expect(statusOf(own)).toBe('accepted');
    expect(verify(start(), { status: 'accepted' })).toMatchObject(refusal(400, '10015'));
  });

  it('verifies by number the newest verification', () => {
    start();
    const newer = start();
    const url = `${root}/by_phone_number/${encodeURIComponent(phone)}`;
    expect(bench.call('GET', url).body).toMatchObject({ data: [{ id: newer }] });
    const body = { code: bench.code, verify_profile_id: bench.credentials['TELNYX_VERIFY_PROFILE_ID'] };
    expect(bench.call('POST', `${url}/actions/verify`, { body })).toEqual(said('accepted'));
    expect(statusOf(newer)).toBe('accepted');
  });

  it.each([
    ['a number that is none', { phone_number: '+1' }, 400, '10016', '/phone_number'],
    ['a number without +', { phone_number: '13035551234' }, 400, '10016', '/phone_number'],
    ['no number', { phone_number: undefined }, 400, '10004', '/phone_number'],
    ['no profile', { verify_profile_id: undefined }, 400, '10004', '/verify_profile_id'],
    ["another customer's profile", { verify_profile_id: 'other' }, 400, '10015', '/verify_profile_id'],
    ['a code of 3 digits', { custom_code: '123' }, 400, '10015', '/custom_code'],
    ['a code with letters', { custom_code: 'abcd' }, 400, '10015', '/custom_code'],
  ])('refuses %s and sends nothing', (_what, change, status, code, pointer) => {
    expect(tryStart(change)).toMatchObject(refusal(status, code, pointer));
    expect(bench.phone).toEqual([]);
  });

  it('refuses a stranger everywhere, and knows no verification of another id', () => {
    const id = start();
    const headers = { authorization: 'Bearer wrong' };
    const body = { code: bench.code };
    expect(bench.call('POST', `${root}/sms`, { body, headers })).toMatchObject(refusal(401, '10009'));
    expect(bench.call('GET', `${root}/${id}`, { headers })).toMatchObject(refusal(401, '10009'));
    expect(bench.call('POST', `${root}/${id}/actions/verify`, { body, headers })).toMatchObject(refusal(401, '10009'));
    expect(verify('12ade33a-21c0-473b-b055-b3c836e1c292', body)).toMatchObject(refusal(404, '10005'));
  });
});
