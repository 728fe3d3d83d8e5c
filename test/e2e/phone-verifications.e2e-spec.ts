// "Verify this phone" for client apps, on two instances: the code proves the number to the app that asked and to nobody else, the
// proof is good for that app alone and opens nothing of ours (A02, A03, A11 to A14, A24, A39, A43, A55).
import type { ApiClient, JsonObject } from '../support/api-client';
import { kind } from '../support/credentials';
import { verifyIndependently } from '../support/independent-jwt';
import { startSystem, type System } from '../support/instance';
import { basic, makeClientApp, postForm } from '../support/oauth';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { type CheckAnswer, verificationEvents, VERIFICATIONS, VerifyingApp } from '../support/verifying-app';

const ISSUER = 'https://id.example';
const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;
let shop: VerifyingApp;

const events = (phone: string) => verificationEvents(system, phone);

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      JWT_ISSUER: ISSUER,
      LIMIT_UNAUTHENTICATED: 'off',
      LIMIT_VERIFICATIONS_CLIENT: '12/1h',
      LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
    },
  });
  [here, there] = system.both;
  shop = await VerifyingApp.make(system, { clientId: 'shop' });
});
afterAll(() => system.stop());

describe('a client app has a phone verified', () => {
  it('asks for a code, and gets for the right one, typed at another instance, the number and a proof', async () => {
    const phone = nextPhone();
    const started = await shop.start(phone);
    expect([started.status, started.body]).toEqual([
      201,
      {
        challengeToken: expect.stringMatching(/^pv6_k1_/) as string,
        purpose: 'phone_verification',
        channel: 'sms',
        destination: `+1******${phone.slice(-4)}`,
        methods: ['sms'],
        channels: ['sms'],
        codeLength: 6,
        expiresAt: expect.any(String) as string,
        resendAfter: 30,
        attemptsLeft: 5,
      },
    ]);
    const code = await system.phone.codeFor(phone);
    const { status, body } = await shop.check(started.body.challengeToken, code, {}, there);
    expect([status, body]).toEqual([200, { verified: true, phone, proof: expect.any(String) as string }]);
    expect(await events(phone)).toEqual(['phone_verification_requested', 'phone_verified']);
  });

  it('any JWT library checks the proof with our published keys: for this app, this issuer, this type, five minutes', async () => {
    const phone = nextPhone();
    const proof = await shop.proofOf(phone);
    const judge = (options: object) => verifyIndependently(`${here.url}/.well-known/jwks.json`, proof, options);
    const right = { issuer: ISSUER, audience: 'shop', typ: 'phone-proof+jwt', algorithms: ['ES256'] };
    const { payload, protectedHeader } = await judge(right);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'phone-proof+jwt', kid: expect.any(String) as string });
    const { iat, ...claims } = payload as JsonObject & { iat: number };
    expect(claims).toEqual({
      iss: ISSUER,
      aud: 'shop',
      phone_number: phone,
      phone_number_verified: true,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      exp: iat + 300,
    });
    const wrong = [{ audience: 'bank' }, { audience: ISSUER }, { typ: 'at+jwt' }, { issuer: 'https://other.example' }];
    const verdicts = await Promise.all(wrong.map((each) => judge({ ...right, ...each })));
    expect(verdicts).toEqual(wrong.map(() => ({ refused: 'ERR_JWT_CLAIM_VALIDATION_FAILED' })));
  });

  it('A24: the text names the purpose, in one segment', async () => {
    const phone = nextPhone();
    const { code } = await shop.challenged(phone);
    const [message] = await system.phone.messages(phone);
    expect(message?.text).toContain(`${code} is your Latchkey code to verify your number. Never share it.`);
    expect(message?.text.length).toBeLessThanOrEqual(160);
  });

  it('with one more send of the same code, and status, by the routes of every challenge', async () => {
    const phone = nextPhone();
    const { token, code } = await shop.challenged(phone);
    const person = new Person(system, phone);
    expect(kind(await person.resend(token))).toBe('429 rate_limited');
    system.clock.advance(30);
    const after = await system.phone.newest(phone);
    expect((await person.resend(token)).status).toBe(202);
    expect(await system.phone.codeFor(phone, { after })).toBe(code);
    expect(kind(await shop.check(token, code))).toBe('200');
    expect(await person.status(token)).toMatchObject({ purpose: 'phone_verification', state: 'verified', next: [] });
  });

  it('A14: refuses what is no phone, no channel of the route, or no code, and counts nothing', async () => {
    const bodies: [JsonObject, string][] = [
      [{}, '400 validation_failed'],
      [{ phone: 12025550123 }, '400 validation_failed'],
      [{ phone: nextPhone(), channel: 'pigeon' }, '400 validation_failed'],
      [{ phone: nextPhone(), clientId: 'bank' }, '400 validation_failed'],
      [{ phone: '+1202' }, '422 phone_not_supported'],
      [{ phone: nextPhone(), channel: 'voice' }, '422 channel_not_supported'],
    ];
    for (const [body, refusal] of bodies) {
      expect(kind(await here.post(VERIFICATIONS, body, { token: shop.app.secret }))).toBe(refusal);
    }
    const { token, code } = await shop.challenged(nextPhone());
    for (const bad of [Number(code), true, null, [code], { $ne: '' }, '', ` ${code}`, `${code}\n`, '%', `0${code}`]) {
      expect(kind(await shop.check(token, bad))).toBe('400 validation_failed');
    }
    // A12: nor may the caller say whose it is.
    for (const extra of [{ phone: nextPhone() }, { clientId: 'shop' }, { challengeId: token }]) {
      expect(kind(await shop.check(token, code, extra))).toBe('400 validation_failed');
    }
    expect((await new Person(system, '').status(token)).attemptsLeft).toBe(5);
    expect(kind(await shop.check(token, code))).toBe('200');
  });
});

describe('a code proves a number once, to the app that asked', () => {
  it('A02, A03: of parallel answers on two instances five wrong ones are looked at, and one right one is accepted', async () => {
    const [locked, open] = [nextPhone(), nextPhone()];
    const [first, second] = [await shop.challenged(locked), await shop.challenged(open)];
    const burst = (token: string, codes: readonly string[]): Promise<CheckAnswer[]> =>
      Promise.all(codes.map((code, at) => shop.check(token, code, {}, system.apis[at % 2])));
    const wrong = await burst(first.token, wrongCodes(first.code, 40));
    expect(wrong.filter(({ body }) => body.code === 'code_invalid').map(({ body }) => body.attemptsLeft)).toHaveLength(
      5,
    );
    expect(new Set(wrong.map(kind))).toEqual(new Set(['401 code_invalid', '429 challenge_locked']));
    expect(kind(await shop.check(first.token, first.code))).toBe('429 challenge_locked');
    const right = (await burst(second.token, Array<string>(40).fill(second.code))).map(kind);
    expect(right.filter((each) => each === '200')).toHaveLength(1);
    expect(new Set(right)).toEqual(new Set(['200', '401 code_expired']));
    expect(await events(open)).toEqual(['phone_verification_requested', 'phone_verified']);
    expect((await events(locked)).filter((event) => event === 'otp_fail')).toHaveLength(5);
  });

  it('a used, an expired and a made-up challenge prove nothing', async () => {
    const phone = nextPhone();
    const used = await shop.challenged(phone);
    expect(kind(await shop.check(used.token, used.code))).toBe('200');
    expect(kind(await shop.check(used.token, used.code, {}, there))).toBe('401 code_expired');
    const late = await shop.challenged(phone);
    system.clock.advance(301);
    expect(kind(await shop.check(late.token, late.code))).toBe('401 code_expired');
    expect(kind(await shop.check(`pv6_k1_${'A'.repeat(43)}`, late.code))).toBe('401 token_invalid');
    expect(kind(await shop.check('pv6', late.code))).toBe('401 token_invalid');
  });

  it('A43: to another client app it is an unknown challenge, whatever the code; and it costs no attempt', async () => {
    const bank = await VerifyingApp.make(system, { clientId: 'bank' });
    const { token, code } = await shop.challenged(nextPhone());
    const [right, wrong] = [await bank.check(token, code), await bank.check(token, wrongCodes(code, 1)[0])];
    const unknown = await bank.check(`pv6_k1_${'A'.repeat(43)}`, code);
    const face = ({ status, body: { requestId: _, ...body } }: CheckAnswer) => ({ status, body });
    expect([face(right), face(wrong)]).toEqual([face(unknown), face(unknown)]);
    expect(kind(right)).toBe('401 token_invalid');
    expect((await new Person(system, '').status(token)).attemptsLeft).toBe(5);
    expect(kind(await shop.check(token, code))).toBe('200');
  });

  it('A39: a client app that was disabled gets no proof, not for a code that it asked for before either', async () => {
    const going = await VerifyingApp.make(system, { clientId: 'going' });
    const { token, code } = await going.challenged(nextPhone());
    expect(kind(await going.start(nextPhone(), {}, there))).toBe('201');
    await system.admin.post('/v1/admin/clients/going/disable', {}, { token: system.adminKey });
    // The other instance knows the key for up to 5 s more: the statement does not.
    expect(kind(await going.check(token, code, {}, there))).toBe('401 code_expired');
    expect(kind(await going.start(nextPhone(), {}, there))).toMatch(/^429 |^401 /);
    expect(kind(await going.check(token, code))).toBe('401 token_invalid');
    expect(kind(await going.start(nextPhone()))).toBe('401 token_invalid');
  });
});

describe('one kind of token per purpose', () => {
  it('A13: the proof opens nothing: no route for persons, no route for services, no refresh, no introspection', async () => {
    const app = await makeClientApp(system, { scopes: ['introspect'] });
    const proof = await shop.proofOf(nextPhone());
    for (const path of ['/v1/users/me', '/v1/auth/sessions']) {
      expect(kind(await here.get(path, { token: proof }))).toBe('401 token_invalid');
    }
    expect(kind(await here.post(VERIFICATIONS, { phone: nextPhone() }, { token: proof }))).toBe(
      '401 token_type_invalid',
    );
    expect(kind(await here.post('/v1/auth/token/refresh', { refreshToken: proof }))).toBe('401 token_invalid');
    expect(kind(await shop.check(proof, '000000'))).toBe('401 token_invalid');
    const introspected = await postForm(here, '/v1/oauth/introspect', { token: proof }, { authorization: basic(app) });
    expect(introspected.body).toEqual({ active: false });
  });

  it('A13: an access token verifies no phone, nor does a key without the scope', async () => {
    const { accessToken } = await new Person(system, nextPhone()).joined();
    const other = await makeClientApp(system, { scopes: ['introspect', 'revoke'] });
    for (const path of [VERIFICATIONS, `${VERIFICATIONS}/check`]) {
      expect(kind(await here.post(path, {}, { token: accessToken }))).toBe('401 token_type_invalid');
      expect(kind(await here.post(path, {}))).toBe('401 token_invalid');
      expect(kind(await here.post(path, {}, { token: other.secret }))).toBe('403 insufficient_scope');
    }
  });

  it('A11: its challenge is no login and no registration, and theirs are none of a client app', async () => {
    const person = new Person(system, nextPhone());
    const { token, code } = await shop.challenged(person.phone);
    expect(kind(await person.verify(token, code))).toBe('401 token_type_invalid');
    const registration = await person.challenged('register');
    expect(kind(await shop.check(registration.token, registration.code))).toBe('401 token_type_invalid');
    expect(kind(await person.verify(registration.token, registration.code))).toBe('200');
    const login = await person.challenged('login');
    expect(kind(await shop.check(login.token, login.code))).toBe('401 token_type_invalid');
    expect(kind(await shop.check(token, code))).toBe('200');
  });
});

it('A55: a number with an account is verified like any other, and the answers tell them apart in nothing', async () => {
  const [known, unknown] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
  const app = await VerifyingApp.make(system);
  await known.joined();
  const faces = [];
  for (const { phone } of [known, unknown]) {
    const began = system.clock.now().getTime();
    const after = await system.phone.newest(phone);
    const { status, body } = await app.start(phone);
    const code = await system.phone.codeFor(phone, { after });
    const refused = await app.check(body.challengeToken, wrongCodes(code, 1)[0]);
    const proved = await app.check(body.challengeToken, code);
    const { challengeToken, destination, expiresAt, ...shape } = body;
    const minutes = Math.round((Date.parse(expiresAt) - began) / 60_000);
    expect([challengeToken.length, destination]).toEqual([50, `+1******${phone.slice(-4)}`]);
    faces.push([status, shape, minutes, kind(refused), refused.body.attemptsLeft, kind(proved)]);
  }
  expect(faces[0]).toEqual(faces[1]);
  // Nor did the wrong code count against the account.
  const { rows } = await system.database.query(
    'SELECT cardinality(second_factor_fails) AS fails FROM users WHERE phone = $1',
    [known.phone],
  );
  expect(rows).toEqual([{ fails: 0 }]);
});
