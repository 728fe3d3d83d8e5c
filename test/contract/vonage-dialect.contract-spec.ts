// The simulated Vonage takes a message only from its customer, whether account or application, from a sender of theirs, to a
// number that can be one.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { verifyDevelopmentKeys } from '../../src/sms/providers/vonage/vonage.keys';
import { dialect } from '../../src/sms/providers/vonage/vonage.dialect';
import { aString, like } from '../support/expected';
import { DialectBench } from './dialect-bench';

const basic = (key = '', secret = '') => `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
const authorization = ({ VONAGE_API_KEY, VONAGE_API_SECRET }: Readonly<Record<string, string>>) =>
  basic(VONAGE_API_KEY, VONAGE_API_SECRET);
const application = '78d335fa-323d-0114-9c3d-d6f0d48968cf';
const privateKey = verifyDevelopmentKeys['VONAGE_PRIVATE_KEY']?.({}) ?? '';
const ownKey = createPrivateKey(privateKey);
const strangersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('the Vonage dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization, {
      VONAGE_APPLICATION_ID: application,
      VONAGE_PRIVATE_KEY: privateKey,
      VONAGE_FROM: 'Latchkey',
    });
  });

  const send = (change: object = {}, headers: Record<string, string> = {}) => {
    const text = 'Your code is 123456.\n\n@localhost #123456';
    const body = { message_type: 'text', channel: 'sms', from: 'Latchkey', to: '12025550143', text, ...change };
    return bench.call('POST', '/v1/messages', { body, headers });
  };
  const refusal = (status: number, fragment: string) => ({
    status,
    body: { type: like(new RegExp(`#${fragment}$`)), title: aString },
  });
  const now = () => Math.floor(bench.clock.now().getTime() / 1000);
  const token = (claims: object = {}, { key = ownKey, alg = 'RS256' } = {}) => {
    const all = { application_id: application, jti: 'once', iat: now(), exp: now() + 900, ...claims };
    const parts = [{ alg, typ: 'JWT' }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signature = sign('RSA-SHA256', Buffer.from(parts.join('.')), key);
    return `Bearer ${parts.join('.')}.${signature.toString('base64url')}`;
  };

  it('accepts a message with an id of its own and puts it on the phone', () => {
    const ids = [send(), send()].map(({ status, body }) => {
      expect(status).toBe(202);
      return (body as { message_uuid: string }).message_uuid;
    });
    expect(new Set(ids).size).toBe(2);
    expect(bench.phone).toMatchObject([{ to: '+12025550143', code: '123456', channel: 'sms' }, { code: '123456' }]);
  });

  it("accepts the application's token", () => {
    expect(send({}, { authorization: token() }).status).toBe(202);
  });

  it.each([
    ['a wrong secret', () => basic('abcd', 'wrong')],
    ['nothing', () => ''],
    ['no token', () => 'Bearer none'],
    ["a stranger's key", () => token({}, { key: strangersKey })],
    ['another application', () => token({ application_id: '00000000-0000-4000-8000-000000000000' })],
    ['another algorithm', () => token({}, { alg: 'HS256' })],
    ['a token that has expired', () => token({ iat: now() - 1000, exp: now() - 1 })],
    ['a token from the future', () => token({ iat: now() + 3600, exp: now() + 4500 })],
    ['a token above 24 hours', () => token({ exp: now() + 90_000 })],
    ['a token without an id', () => token({ jti: undefined })],
    ['a token without an end', () => token({ exp: undefined })],
  ])('refuses %s and sends nothing', (_what, made) => {
    expect(send({}, { authorization: made() })).toMatchObject(refusal(401, 'unathorized'));
    expect(bench.phone).toEqual([]);
  });

  it.each([
    ['a number that is none', { to: '1' }, '1150'],
    ['a number with +', { to: '+12025550143' }, '1150'],
    ['no number', { to: undefined }, '1150'],
    ['no text', { text: '' }, '1150'],
    ['a text above 1000 characters', { text: 'a'.repeat(1001) }, '1150'],
    ['a channel that it has not', { channel: 'pigeon' }, '1150'],
    ['a type that it has not', { message_type: 'song' }, '1150'],
    ['a reference above 100 characters', { client_ref: 'a'.repeat(101) }, '1150'],
    ['a time to live that is no number', { ttl: 'long' }, '1150'],
    ["another customer's sender", { from: '13125550199' }, '1420'],
  ])('refuses %s and sends nothing', (_what, change, code) => {
    expect(send(change)).toMatchObject(refusal(422, code));
    expect(bench.phone).toEqual([]);
  });

  it('names the field that is wrong', () => {
    expect(send({ to: '1' })).toMatchObject({ body: { invalid_parameters: [{ name: 'to' }] } });
  });

  it('refuses a body that is not JSON', () => {
    const refused = bench.call('POST', '/v1/messages', { body: 'to=12025550143' });
    expect(refused).toMatchObject(refusal(422, 'invalid-json'));
  });
});
