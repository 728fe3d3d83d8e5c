// What the audit log says of everyday and of refused requests, of starts, stops and settings (security.md 5.10, A99, 16.3.x). Events
// of one capability are looked for where that capability is tested; test/architecture/audit-events sees that none is forgotten.
import type { ApiAnswer, JsonObject } from '../../support/api-client';
import { changePassword } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, wrongCodes } from '../../support/person';
import { setFault } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';

interface Entry {
  readonly type: string;
  readonly userId: string | null;
  readonly reason: string | null;
  readonly meta: JsonObject | null;
}
type Page = ApiAnswer<{ readonly items: readonly Entry[] }>;

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_REGISTER_ADDRESS: '8/1h' } });
});
afterAll(() => system.stop());

const of = async (type: string): Promise<readonly Entry[]> => {
  const page: Page = await system.admin.get(`/v1/admin/audit?type=${type}`, { token: system.adminKey });
  return page.body.items;
};

/** Refusals are recorded beside their answers. */
function seen(type: string, count = 1): Promise<readonly Entry[]> {
  const enough = async (): Promise<readonly Entry[] | false> => {
    const found = await of(type);
    return found.length >= count && found;
  };
  return until(enough, `record ${count} of ${type}`);
}

it('a registration: the account, its phone, its session; a login: success, and the one after a wrong code', async () => {
  const person = new Person(system, '+14152830101');
  const { user } = await person.joined();
  const userId = user['id'];
  const mine = async (type: string) => (await of(type)).filter((entry) => entry.userId === userId).length;
  expect([await mine('user_created'), await mine('phone_verified'), await mine('session_created')]).toEqual([1, 1, 1]);
  const first = await person.challenged('login');
  expect((await person.verify(first.token, first.code)).status).toBe(200);
  expect([await mine('authn_login_success'), await mine('session_created')]).toEqual([1, 2]);
  const second = await person.challenged('login');
  await person.verify(second.token, wrongCodes(second.code, 1)[0]);
  expect((await person.verify(second.token, second.code)).status).toBe(200);
  expect([await mine('authn_login_successafterfail'), await mine('authn_login_success')]).toEqual([1, 1]);
  expect([await mine('otp_success'), await mine('otp_fail'), await mine('session_created')]).toEqual([2, 1, 3]);
  expect((await of('otp_sent')).length).toBeGreaterThan(2);
});

it('a change that was refused: the old password, the first code of an app', async () => {
  const { accessToken } = await new Person(system, '+14152830103').joined();
  expect((await changePassword(system.api, accessToken, 'not-the-old-one-1')).status).toBe(401);
  expect((await of('authn_password_change_fail')).length).toBe(1);
  const as = { token: accessToken };
  expect((await system.api.post('/v1/users/me/totp', {}, as)).status).toBe(201);
  expect((await of('totp_enrolment_started')).length).toBe(1);
  expect((await system.api.post('/v1/users/me/totp/confirm', { code: '000000' }, as)).status).toBe(401);
  expect((await of('totp_enrolment_fail')).length).toBe(1);
});

it('requests that were refused: malformed ones once a minute with their number, too many, a wrong key, each reason', async () => {
  for (let n = 0; n < 5; n += 1) await system.api.post('/v1/auth/register', { phone: 1 });
  expect(await seen('input_validation_fail')).toMatchObject([{ meta: { count: 1 } }]);
  system.clock.advance(61);
  await system.api.post('/v1/auth/register', { phone: 1 });
  expect((await seen('input_validation_fail', 2))[0]).toMatchObject({ meta: { count: 5 } });
  let status = 0;
  for (let n = 0; n < 10 && status !== 429; n += 1)
    ({ status } = await system.api.post('/v1/auth/register', { phone: '+14152830104', password: 'short' }));
  expect(status).toBe(429);
  expect(await seen('excess_rate_limit_exceeded')).toHaveLength(1);
  expect((await system.admin.get('/v1/admin/clients', { token: `ak_${'A'.repeat(43)}` })).status).toBe(401);
  expect(await seen('client_authn_fail')).toHaveLength(1);
  const webhooks = new TelnyxWebhooks(system);
  const stale = webhooks.signed('message.sent', {}, new Date(system.clock.now().getTime() - 360_000));
  for (const each of [stale, { ...stale, headers: {} }, stale]) expect((await webhooks.post(each)).status).toBe(401);
  const reasons = (await of('webhook_rejected')).map(({ reason }) => reason);
  expect(reasons).toEqual(['telnyx: bad_signature', 'telnyx: stale']);
});

it('requests that were refused after the clock was set back', async () => {
  const refused = async () => {
    const { length } = await of('input_validation_fail');
    await system.api.post('/v1/auth/login', { identifier: 1 });
    return seen('input_validation_fail', length + 1);
  };
  system.clock.advance(61);
  await refused();
  system.clock.advance(-3600);
  await refused();
  system.clock.advance(3600);
});

it('a code that no vendor took', async () => {
  await setFault(system, 'telnyx', { kind: 'status', status: 400, count: 20 });
  await new Person(system, '+14152830101').login();
  expect((await seen('otp_send_failed')).length).toBe(1);
});

it('a start, a stop, and which settings have changed, never their values', async () => {
  expect([(await of('sys_startup')).length, await of('config_changed')]).toEqual([1, []]);
  await system.restart(0);
  expect([(await of('sys_startup')).length, (await of('sys_shutdown')).length]).toEqual([2, 1]);
  expect(await of('config_changed')).toEqual([]);
  const APP_NAME = 'Quite Another';
  await system.restart(0, { APP_NAME, SMTP_URL: '' });
  const [changed, ...more] = await of('config_changed');
  expect([changed?.meta?.['changed'], more]).toEqual([['APP_NAME'], []]);
  const { rows } = await system.database.query(`SELECT meta FROM audit_log WHERE event ~ '^(sys|config)_'`);
  expect(JSON.stringify(rows)).not.toContain(APP_NAME);
});
