// What an operator sees of the messages to come, by admin API and command line: vendors with their breakers, what is left of the
// budgets, and which country takes no strangers.
import type { JsonObject } from '../../support/api-client';
import { cliRecords, runCli } from '../../support/cli';
import type { System } from '../../support/instance';
import { patiently } from '../../support/patience';
import { Person } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';
import { type Page, SmsHistory } from '../../support/sms-history';

let history: SmsHistory;
let system: System;
const ask = <Body>(path: string) => history.ask<Body>(path);

beforeAll(async () => {
  history = await SmsHistory.start();
  system = history.system;
}, patiently(120_000));
afterAll(() => system.stop());

it('vendors are shown in their order, with the breaker of the instance that answers and the last hour of all', async () => {
  await history.joined(); // the last failure is not the last message
  const before = await ask<Page<JsonObject>>('providers');
  expect(before.items.map(({ provider, kind, place, breaker }) => [provider, kind, place, breaker])).toEqual([
    ['telnyx', 'sender', 1, 'closed'],
    ['twilio', 'sender', 2, 'closed'],
  ]);
  expect(before.items[0]).toMatchObject({
    handOvers: 8,
    accepted: 7,
    openedAt: null,
    lastFailure: 'undelivered 40008',
  });
  await setFault(system, 'telnyx', { kind: 'status', status: 503 });
  for (let send = 0; send < 5; send += 1) await history.someone(`+491511234561${send}`).challenged('register');
  await clearFault(system, 'telnyx');
  const [telnyx, twilio] = (await ask<Page<JsonObject>>('providers')).items;
  expect(telnyx).toMatchObject({ breaker: 'open', openedAt: expect.any(String) as string, accepted: 7 });
  expect(telnyx?.['lastFailure']).toMatch(/^unavailable/);
  expect(twilio).toMatchObject({ breaker: 'closed', openedAt: null });
  const [byCli] = await cliRecords(system.env, 'sms', 'providers');
  // The command is a process that sends nothing.
  expect({ ...byCli, breaker: 'open' }).toEqual(telnyx);
  expect(Object.keys(byCli ?? {})).not.toContain('breaker');
});

describe('budgets', () => {
  interface Budget {
    readonly windows: readonly (JsonObject & { readonly scope: string })[];
    readonly unverified: readonly (JsonObject & { readonly scope: string })[];
  }
  const window = async (scope: string) => (await ask<Budget>('budget')).windows.find((each) => each.scope === scope);

  const american = async () =>
    (await ask<Budget>('budget')).unverified.find(({ scope }) => scope === 'country:US')?.['unverified'];

  it('tell what is left of messages and money, by admin API and command line', async () => {
    system.clock.advance(60); // the first vendor is tried again
    const before = await window('register');
    expect(before).toMatchObject({ seconds: 3600, cap: 500 });
    const unentered = await american();
    await history.joined();
    expect(await american()).toEqual(unentered);
    const after = await window('register');
    expect(after).toMatchObject({
      spent: Number(before?.['spent']) + 1,
      left: Number(before?.['left']) - 1,
      resetsAt: expect.stringMatching(/:00:00\.000Z$/) as string,
    });
    expect(await window('money:login')).toMatchObject({ cap: 4, spent: 0, left: 4, seconds: 86_400 });
    const records = await cliRecords(system.env, 'sms', 'budget');
    expect(records).toContainEqual({ of: 'messages', ...after, closedUntil: null });
    system.clock.advance(3600);
    expect(await window('register')).toMatchObject({ spent: 0, left: 500 });
  });

  it('tell which country takes no strangers, and until when', async () => {
    const register = (at: number) => new Person(system, `+4474001234${String(at).padStart(2, '0')}`).register();
    for (let at = 0; at < 20; at += 1) expect((await register(at)).status).toBe(202);
    const refused = await register(21);
    expect([refused.status, refused.body.code]).toEqual([503, 'sms_budget_exhausted']);
    const { unverified } = await ask<Budget>('budget');
    const closed = unverified.find(({ scope }) => scope === 'country:GB');
    expect(closed).toMatchObject({ unverified: 20, cap: 20 });
    const minutes = (Date.parse(String(closed?.['closedUntil'])) - system.clock.now().getTime()) / 60_000;
    expect([minutes > 50, minutes <= 60]).toEqual([true, true]);
    expect(unverified.find(({ scope }) => scope === 'country:US')).toMatchObject({ closedUntil: null });
    const records = await cliRecords<JsonObject>(system.env, 'sms', 'budget');
    expect(records.find(({ of, scope }) => of === 'unverified' && scope === 'country:GB')).toEqual({
      ...{ of: 'unverified', scope: 'country:GB', seconds: null, cap: 20, spent: 20, left: 0, resetsAt: null },
      closedUntil: closed?.['closedUntil'],
    });
  });
});

it('the command line refuses what cannot be in one line', async () => {
  const refusals: [string[], RegExp][] = [
    [['stats', '--from', 'yesterday'], /from/],
    [['stats', '--from', '2026-02-01', '--to', '2026-01-01'], /from is out_of_range/],
    [['stats', '--html', '/nowhere/report.html'], /ENOENT/],
    [['deliveries', '--reference', 'x'], /reference/],
  ];
  const outcomes = await Promise.all(refusals.map(([args]) => runCli(system.env, ['sms', ...args])));
  for (const [at, { code, stdout, stderr }] of outcomes.entries()) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(stderr).toMatch(refusals[at]?.[1] ?? /never/);
  }
});
