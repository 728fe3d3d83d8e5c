// Sessions that end one by one or by number, on two instances: what another person names ends nothing (A43).
import { randomUUID } from 'node:crypto';
import type { ApiClient, ProblemBody, TokensBody } from '../../support/api-client';
import { kind, meAt, refreshAt } from '../../support/credentials';
import { aString, like } from '../../support/expected';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { newcomer, phoneNumbers } from '../../support/person';
import { endAt, listAt, recordedOf, sessionIdOf } from '../../support/sessions';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { JWT_ISSUER: 'https://id.example', LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

/** Messages without a code, once there are so many. */
function noticesTo(phone: string, count: number): Promise<string[]> {
  const enough = async (): Promise<string[] | false> => {
    const notices = (await system.phone.messages(phone)).filter(({ code }) => code === null);
    return notices.length >= count && notices.map(({ text }) => text);
  };
  return until(enough, `notice ${count} to ${phone}`);
}

async function recordedNotices(phone: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM notices WHERE phone = $1';
  return (await system.database.query<{ n: number }>(sql, [phone])).rows[0]?.n ?? 0;
}

describe('ending all others', () => {
  const endOthers = (api: ApiClient, { accessToken }: TokensBody) =>
    api.request<ProblemBody>('DELETE', '/v1/auth/sessions', undefined, { token: accessToken });

  it('leaves the one that asks, ends the rest everywhere within 5 s, and a sign-in that waits for its code', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const [kept, third] = [await person.again(), await person.again()];
    const { token, code } = await person.challenged('login');
    for (const dead of [tokens, third]) expect((await meAt(there, dead)).status).toBe(200);
    expect((await endOthers(here, kept)).status).toBe(204);
    for (const dead of [tokens, third]) {
      expect(kind(await meAt(here, dead))).toBe('401 token_invalid');
      expect(kind(await refreshAt(there, dead))).toBe('401 token_invalid');
    }
    expect((await person.verify(token, code)).status).toBe(401);
    for (const api of [here, there]) expect((await meAt(api, kept)).status).toBe(200);
    const renewed = await refreshAt(there, kept);
    expect(renewed.status).toBe(200);
    expect((await listAt(here, renewed.body)).items.map(({ id }) => id)).toEqual([sessionIdOf(kept)]);
    system.clock.advance(5);
    for (const dead of [tokens, third]) expect((await meAt(there, dead)).status).toBe(401);
    expect(await recordedOf(system, sessionIdOf(kept), 'session_logout_others')).toBe(1);
  });

  it('is refused to a session that has ended, even where that is not known yet, and then ends nothing', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const other = await person.again();
    expect((await meAt(there, other)).status).toBe(200);
    expect((await endAt(here, tokens, sessionIdOf(other))).status).toBe(204);
    expect(kind(await endOthers(there, other))).toBe('401 token_invalid');
    expect((await meAt(here, tokens)).status).toBe(200);
    expect((await refreshAt(there, tokens)).status).toBe(200);
  });
});

describe('ending one', () => {
  it('ends that one at once and no other', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const lost = await person.again();
    expect((await endAt(here, tokens, sessionIdOf(lost))).status).toBe(204);
    expect(kind(await meAt(here, lost))).toBe('401 token_invalid');
    expect(kind(await refreshAt(there, lost))).toBe('401 token_invalid');
    expect((await meAt(here, tokens)).status).toBe(200);
    expect(kind(await endAt(here, tokens, sessionIdOf(lost)))).toBe('404 not_found');
    expect(await recordedOf(system, sessionIdOf(lost), 'session_logout')).toBe(1);
    expect(await recordedOf(system, sessionIdOf(lost), 'authz_fail')).toBe(0);
  });

  it('A43: another person’s session looks like one that never was, stays alive, and the attempt is recorded', async () => {
    const [mallory, victim] = [await newcomer(system, nextPhone()), await newcomer(system, nextPhone())];
    const ids = [
      sessionIdOf(victim.tokens),
      randomUUID(),
      '1',
      'me',
      '%27%20OR%201=1--',
      `${sessionIdOf(victim.tokens)}x`,
      '%00',
    ];
    const answers: unknown[] = [];
    for (const id of ids) {
      const { status, body } = await endAt(here, mallory.tokens, id);
      const { requestId, ...rest } = body;
      expect(requestId).toEqual(aString);
      answers.push({ status, rest });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, rest: { code: 'not_found' } });
    expect((await meAt(here, victim.tokens)).status).toBe(200);
    expect((await refreshAt(here, victim.tokens)).status).toBe(200);
    expect(await recordedOf(system, sessionIdOf(victim.tokens), 'authz_fail')).toBe(1);
    expect(await recordedOf(system, sessionIdOf(mallory.tokens), 'authz_fail')).toBe(ids.length);
  });
});

// ASVS 7.1.2
it('an eleventh sign-in ends the session that was unused for longest, and only that, and its owner is told once a day', async () => {
  const { person, tokens } = await newcomer(system, nextPhone());
  const all = [tokens];
  for (let count = 2; count <= 10; count += 1) {
    system.clock.advance(1);
    all.push(await person.again());
  }
  system.clock.advance(1);
  // The oldest is in use, so the next oldest is the one to go.
  const first = (await refreshAt(here, tokens)).body;
  expect((await listAt(here, first)).items).toHaveLength(10);
  system.clock.advance(1);
  const eleventh = await person.again();
  const { items } = await listAt(here, eleventh);
  expect(items.map(({ id }) => id)).toEqual([eleventh, first, ...all.slice(2).reverse()].map(sessionIdOf));
  expect(kind(await refreshAt(here, all[1] ?? tokens))).toBe('401 token_invalid');
  expect(await recordedOf(system, sessionIdOf(all[1] ?? tokens), 'session_expired')).toBe(1);
  expect(await noticesTo(person.phone, 1)).toEqual([like(/one more device.*Not you\?/)]);
  system.clock.advance(1);
  await person.again();
  expect((await listAt(here, eleventh)).items).toHaveLength(10);
  expect(await recordedNotices(person.phone)).toBe(1);
});

it('is told to each person apart, whatever else they were told that day, and again a day later', async () => {
  const { person, tokens } = await newcomer(system, nextPhone());
  expect((await refreshAt(here, tokens)).status).toBe(200);
  system.clock.advance(11);
  expect((await refreshAt(here, tokens)).status).toBe(401);
  for (let count = 1; count <= 11; count += 1) await person.again();
  expect(await noticesTo(person.phone, 2)).toEqual([like(/one more device/), like(/an old key/)]);
  system.clock.advance(86_400 - 60);
  await person.again();
  expect(await recordedNotices(person.phone)).toBe(2);
  system.clock.advance(61);
  await person.again();
  expect(await recordedNotices(person.phone)).toBe(3);
});
