// The gate by Turnstile on one instance and by hCaptcha on the other: the real clients against the vendors' siteverify as the simulator
// plays it, and what happens while a vendor is away.
import { askReset } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import type { ApiClient } from '../../support/api-client';
import { captchaKeys, captchaToken, gateAt, type GatedAnswer, passage, solve } from '../../support/gate';
import { PASSWORD, phoneNumbers } from '../../support/person';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';
import { json, VendorStub } from '../../support/vendor-stub';

const vendors = ['turnstile', 'hcaptcha'] as const;
type Vendor = (typeof vendors)[number];
const nextPhone = phoneNumbers();
const LEFT_ALONE_SECONDS = 15;
let system: System;
let apis: Record<Vendor, ApiClient>;
/** A vendor that says yes to everything. */
let forgetful: VendorStub;

beforeAll(async () => {
  const env = {
    CHALLENGE_GATE: 'always',
    CHALLENGE_GATE_KIND: 'turnstile',
    CHALLENGE_GATE_DIFFICULTY: '8',
    ...captchaKeys,
  };
  forgetful = await VendorStub.start(json(200, { success: true }));
  system = await startSystem({ instances: 2, env });
  await system.restart(1, { CHALLENGE_GATE_KIND: 'hcaptcha' });
  const [turnstile, hcaptcha] = system.both;
  apis = { turnstile, hcaptcha };
});
afterAll(() => Promise.all([system.stop(), forgetful.stop()]));

const register = (vendor: Vendor, extra: object = {}): Promise<GatedAnswer> =>
  apis[vendor].post('/v1/auth/register', { phone: nextPhone(), password: PASSWORD, ...extra });

async function alarms(): Promise<string[]> {
  const sql = `SELECT reason FROM audit_log WHERE event = 'gate_vendor_failing' ORDER BY id`;
  return (await system.database.query<{ reason: string }>(sql)).rows.map(({ reason }) => reason);
}

describe.each(vendors)('%s', (vendor) => {
  it('tells the site key; a token of its widget opens the gate once, for either route', async () => {
    const gate = { kind: vendor, siteKey: `${vendor}-site` };
    expect(await gateAt(apis[vendor], 'password_forgot')).toEqual(gate);
    expect((await register(vendor)).body.gate).toEqual(gate);
    const gateToken = await captchaToken(system, vendor);
    expect(passage(await register(vendor, { gateToken }))).toBe('202');
    expect(passage(await register(vendor, { gateToken }))).toMatch(/^403 gate_required (expired|invalid)$/);
    const contested = await captchaToken(system, vendor);
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(vendor, { gateToken: contested })));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const forReset = { gateToken: await captchaToken(system, vendor) };
    expect(passage(await askReset(apis[vendor], nextPhone(), forReset))).toBe('202');
  });

  it('is asked by form for the key, the token and nothing about the person; keys are in no log', async () => {
    const requests = await requestsTo(system, vendor, 'POST');
    const fields = requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    for (const field of fields) {
      expect(Object.keys(field)).toEqual(['secret', 'response', ...(vendor === 'hcaptcha' ? ['sitekey'] : [])]);
      expect(field['response']).toMatch(/^(0\.|P1_)/);
    }
    expect(requests.length).toBeGreaterThan(0);
    expect(system.logs()).not.toContain(
      captchaKeys[vendor === 'turnstile' ? 'TURNSTILE_SECRET_KEY' : 'HCAPTCHA_SECRET_KEY'],
    );
  });

  it('a forged token, one of the other vendor and one that is too old do not open it', async () => {
    const foreign = await captchaToken(system, vendor === 'turnstile' ? 'hcaptcha' : 'turnstile');
    for (const gateToken of ['forged', foreign]) {
      const refused = await register(vendor, { gateToken });
      expect([passage(refused), refused.body.gate.kind]).toEqual(['403 gate_required invalid', vendor]);
    }
    const old = await captchaToken(system, vendor);
    system.clock.advance(301);
    expect(passage(await register(vendor, { gateToken: old }))).toBe('403 gate_required expired');
  });

  it.each([
    ['is down', { kind: 'status', status: 503 }],
    ['answers garbage', { kind: 'garbage' }],
    [vendor === 'turnstile' ? 'hangs' : 'resets', { kind: vendor === 'turnstile' ? 'hang' : 'reset' }],
  ])(
    'F02, F05: while it %s nobody is let through and nobody is kept out: the puzzle stands in',
    async (what, fault) => {
      const before = (await requestsTo(system, vendor)).length;
      await setFault(system, vendor, fault);
      const gateToken = await captchaToken(system, vendor);
      const refused = await register(vendor, { gateToken });
      expect([what, passage(refused), refused.body.gate.kind]).toEqual([
        what,
        '403 gate_required unavailable',
        'proof_of_work',
      ]);
      // It is left alone for a while, and so is nobody's time wasted.
      const answer = await askReset(apis[vendor], 'somebody', { gateToken });
      expect(passage(answer)).toBe('403 gate_required unavailable');
      expect(await gateAt(apis[vendor], 'register')).toMatchObject({ kind: 'proof_of_work' });
      expect((await requestsTo(system, vendor)).length).toBe(before + 1);
      const stoodIn = { gateToken: solve(refused.body.gate) };
      expect(passage(await register(vendor, stoodIn))).toBe('202');
      expect(passage(await register(vendor, stoodIn))).toBe('403 gate_required used');
      await clearFault(system, vendor);
      system.clock.advance(LEFT_ALONE_SECONDS);
      expect(await gateAt(apis[vendor], 'register')).toMatchObject({ kind: vendor });
      expect(passage(await register(vendor, { gateToken: await captchaToken(system, vendor) }))).toBe('202');
    },
  );
});

it('a key that the vendor does not know is an outage, with an alarm; nothing that a stranger sends is one', async () => {
  const before = await alarms();
  await system.restart(0, { CHALLENGE_GATE_KIND: 'turnstile', TURNSTILE_SECRET_KEY: 'mistyped' });
  apis.turnstile = system.api;
  const refused = await register('turnstile', { gateToken: await captchaToken(system, 'turnstile') });
  expect([passage(refused), refused.body.gate.kind]).toEqual(['403 gate_required unavailable', 'proof_of_work']);
  expect((await alarms()).slice(before.length)).toEqual(['turnstile: invalid-input-secret']);
  expect(system.logs()).toMatch(/"name":"gate_vendor_failing","reason":"turnstile: invalid-input-secret"/);
});

it('a token is spent here as well: where the vendor says yes to it each time, it opens the gate once on both instances', async () => {
  const env = { ...captchaKeys, CHALLENGE_GATE_KIND: 'turnstile', TURNSTILE_BASE_URL: forgetful.origin };
  for (const instance of [0, 1]) await system.restart(instance, env);
  const gateToken = 'a-token-that-is-good-twice-there';
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, at) =>
      system.apis[at % 2]!.post<GatedAnswer['body']>('/v1/auth/register', {
        phone: nextPhone(),
        password: PASSWORD,
        gateToken,
      }),
    ),
  );
  expect(answers.map(passage).sort()).toEqual(['202', ...Array.from({ length: 5 }, () => '403 gate_required used')]);
  expect(forgetful.requests.length).toBe(6);
});
