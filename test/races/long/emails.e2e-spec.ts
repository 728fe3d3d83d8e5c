// One address and two accounts, one account and two changes, at the same moment on two instances: what is proved has one owner, a code
// counts once, and whoever loses is told what anybody is told.
import type { ApiClient, TokensBody } from '../../support/api-client';
import { addresses, type AskedByMail, askedEmail, confirmEmail, removeEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { waitingForLocks } from '../../support/locks';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { kind, meAt, refreshAt } from '../../support/credentials';
import { LIMITS_OFF, RACE_TIMEOUT_MS, rounds } from '../burst';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({ instances: 2, mail: true, env: { ...LIMITS_OFF, JWT_ISSUER: 'https://id.example' } });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const joined = (): Promise<TokensBody> => new Person(system, nextPhone()).joined();
const kinds = (answers: Awaited<ReturnType<typeof confirmEmail>>[]) => answers.map((answer) => kind(answer)).sort();

async function owners(address: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM users WHERE email = $1 AND email_verified_at IS NOT NULL';
  return (await system.database.query<{ n: number }>(sql, [address])).rows[0]?.n ?? -1;
}

it(
  'A69: an address that two accounts prove at the same moment has one owner; the other is told of the conflict and stays signed in',
  () =>
    rounds(5, async () => {
      const [mine, theirs] = [await joined(), await joined()];
      const address = nextAddress();
      const first = await askedEmail(system, here, mine, address);
      system.clock.advance(31);
      const second = await askedEmail(system, there, theirs, address);
      const answers = await Promise.all([
        confirmEmail(here, mine, first.token, first.code),
        confirmEmail(there, theirs, second.token, second.code),
      ]);
      expect(kinds(answers)).toEqual(['200', '409 conflict']);
      expect(await owners(address)).toBe(1);
      for (const [index, tokens] of [mine, theirs].entries()) {
        const expected = answers[index]?.status === 200 ? address : null;
        expect((await meAt(there, tokens)).body).toMatchObject({ email: expected, emailVerified: expected !== null });
        expect((await refreshAt(here, tokens)).status).toBe(200);
      }
    }),
  RACE_TIMEOUT_MS,
);

it(
  'A03: twenty right codes at once prove an address once',
  () =>
    rounds(3, async () => {
      const tokens = await joined();
      const address = nextAddress();
      const { token, code } = await askedEmail(system, here, tokens, address);
      const apis = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? here : there));
      const answers = await Promise.all(apis.map((api) => confirmEmail(api, tokens, token, code)));
      expect(kinds(answers)).toEqual(['200', ...Array<string>(19).fill('401 code_expired')]);
      const sql = `SELECT count(*)::int AS n FROM audit_log WHERE event = 'email_change_completed' AND user_id = $1`;
      expect((await system.database.query(sql, [tokens.user['id']])).rows).toEqual([{ n: 1 }]);
    }),
  RACE_TIMEOUT_MS,
);

it(
  'a confirmation, a newer request and a removal at the same moment come out as if one came after the other',
  () =>
    rounds(5, async () => {
      const tokens = await joined();
      const [first, second] = [nextAddress(), nextAddress()];
      const before = await askedEmail(system, here, tokens, first);
      const asking = (): Promise<AskedByMail | undefined> =>
        askedEmail(system, there, tokens, second).catch(() => undefined);
      system.clock.advance(31);
      const [confirmed, removed, newer] = await Promise.all([
        confirmEmail(here, tokens, before.token, before.code),
        removeEmail(there, tokens),
        asking(),
      ]);
      expect(['200', '401 code_expired']).toContain(kind(confirmed));
      expect(removed.status).toBe(204);
      const { email, emailVerified } = (await meAt(here, tokens)).body as { email?: string; emailVerified?: boolean };
      expect([
        [null, false],
        [first, true],
      ]).toContainEqual([email, emailVerified]);
      if (newer === undefined) return;
      const late = await confirmEmail(there, tokens, newer.token, newer.code);
      expect(['200', '401 code_expired']).toContain(kind(late));
      expect(await owners(first)).toBe(kind(late) === '200' ? 0 : emailVerified === true ? 1 : 0);
    }),
  RACE_TIMEOUT_MS,
);

it('A69: an address that another account takes while its code is looked at is a conflict, and no error', async () => {
  const [tokens, other] = [await joined(), await joined()];
  const address = nextAddress();
  const { token, code } = await askedEmail(system, here, tokens, address);
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    const take = 'UPDATE users SET email = $2, email_verified_at = now() WHERE id = $1';
    await client.query(take, [other.user['id'], address]);
    const answer = confirmEmail(here, tokens, token, code);
    await until(async () => (await waitingForLocks(client)) !== 0, 'the answer that waits');
    await client.query('COMMIT');
    expect(kind(await answer)).toBe('409 conflict');
  } finally {
    client.release();
  }
  expect(await owners(address)).toBe(1);
});
