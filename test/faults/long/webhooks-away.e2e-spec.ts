// F35: vendors post a hundred times what they did, again and again, while the database is away for half of it. None of it is answered 2xx
// that is not stored, so each vendor repeats; afterwards each fact is there once (N12).
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { type SignedWebhook, TelnyxWebhooks } from '../../support/telnyx-webhook';
import { TcpProxy } from '../../support/tcp-proxy';
import { LIMITS_OFF } from '../../races/burst';

const MESSAGES = 5;
const COPIES = Number(process.env['FAULT_ROUNDS'] ?? 1) * 20;
const nextPhone = phoneNumbers();
let system: System;
let proxy: TcpProxy;
let webhooks: TelnyxWebhooks;

beforeAll(async () => {
  system = await startSystem({ env: LIMITS_OFF });
  proxy = await TcpProxy.to(system.databaseUrl);
  await system.restart(0, { DATABASE_URL: proxy.through(system.databaseUrl) });
  webhooks = new TelnyxWebhooks(system);
});
afterAll(async () => {
  await system.stop();
  await proxy.close();
});

/** Each so often, all at once. @returns those that were answered 2xx, and every status that there was */
async function posted(told: readonly SignedWebhook[]): Promise<{ taken: Set<SignedWebhook>; statuses: Set<number> }> {
  const [taken, statuses] = [new Set<SignedWebhook>(), new Set<number>()];
  const posts = Array.from({ length: COPIES }, () => told).flat();
  const answers = await Promise.all(posts.map((webhook) => webhooks.post(webhook)));
  for (const [at, { status }] of answers.entries()) {
    statuses.add(status);
    if (status < 300) taken.add(posts[at] as SignedWebhook);
  }
  return { taken, statuses };
}

const storedOf = async (ids: readonly string[]): Promise<number[]> => {
  const { rows } = await system.database.query<{ id: string; n: number }>(
    'SELECT provider_id AS id, count(*)::int AS n FROM sms_receipts WHERE provider_id = ANY ($1::text[]) GROUP BY 1',
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === id)?.n ?? 0);
};

it('F35, N12: what is answered 2xx is stored, what is not is repeated, and each fact is there once', async () => {
  const people = Array.from({ length: MESSAGES }, () => new Person(system, nextPhone()));
  const tokens = [];
  for (const person of people) tokens.push((await person.challenged('register')).token);
  const ids = await Promise.all(people.map((person) => webhooks.idFor(person.phone)));
  const told = ids.map((id) => webhooks.about(id, 'delivered'));

  await proxy.become('refuse');
  const away = await posted(told);
  expect([...away.taken]).toEqual([]);
  expect([...away.statuses].every((status) => status === 503 || status === 429)).toBe(true);
  expect(away.statuses).toContain(503);
  expect(await storedOf(ids)).toEqual(ids.map(() => 0));

  await proxy.become('pass');
  // As vendors do: until it is taken.
  let missing: readonly SignedWebhook[] = told;
  const areTaken = async (): Promise<boolean> => {
    const { taken } = await posted(missing);
    missing = missing.filter((webhook) => !taken.has(webhook));
    return missing.length === 0;
  };
  await until(areTaken, () => `the answer to ${missing.length} webhooks`, 45_000);
  expect(await storedOf(ids)).toEqual(ids.map(() => 1));
  for (const [at, person] of people.entries()) {
    expect((await person.status(tokens[at] ?? '')).delivery).toBe('delivered');
  }
});
