// What an operator sees of messages, by admin API and command line: the same figures, from what really happened. The first vendor
// fails now and then, tells how its messages end, and is taken over for by the second, which tells nothing.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, ProblemBody } from '../../support/api-client';
import { cliRecords, runCli } from '../../support/cli';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';

const SMS = '/v1/admin/sms';
const GERMAN = '+4915112345601';

interface Figures extends JsonObject {
  readonly handOvers: number;
  readonly provider?: string | null;
  readonly country?: string | null;
}
interface Stats {
  readonly total: Figures;
  readonly byProvider: readonly Figures[];
  readonly byCountry: readonly Figures[];
  readonly byProviderAndCountry: readonly Figures[];
}
interface Delivery extends JsonObject {
  readonly id: string;
  readonly provider: string | null;
  readonly status: string;
}
interface Page<Item> extends ProblemBody {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const nextPhone = phoneNumbers();
const folder = mkdtempSync(join(tmpdir(), 'latchkey-report-'));
const phones: string[] = [];
const codes: string[] = [];
let system: System;

const ask = async <Body>(path: string) =>
  (await system.admin.get<Body>(`${SMS}/${path}`, { token: system.adminKey })).body;
const stats = (query = '') => ask<Stats>(`stats${query}`);

function someone(phone = nextPhone()): Person {
  phones.push(phone);
  return new Person(system, phone);
}

/** Proves a number. */
async function joined(person = someone()): Promise<void> {
  const { token, code } = await person.challenged('register');
  codes.push(code);
  expect((await person.verify(token, code)).status).toBe(200);
}

/** What happens: six messages of the first vendor to the United States, one refused and carried on by the second to Germany. */
async function history(): Promise<void> {
  await joined();
  // A resend: the second message gets the credit for the code.
  const slow = someone();
  const first = await slow.challenged('register');
  system.clock.advance(31);
  const after = await system.phone.newest(slow.phone);
  await slow.resend(first.token);
  await slow.codeOf(first.token, after);
  expect((await slow.verify(first.token, first.code)).status).toBe(200);
  // The first vendor refuses, the second takes over.
  await setFault(system, 'telnyx', { kind: 'status', status: 503, count: 1 });
  await joined(someone(GERMAN));
  // A code that nobody enters.
  const lazy = someone();
  const { token, code } = await lazy.challenged('register');
  codes.push(first.code, code);
  await lazy.verify(token, wrongCodes(code, 1)[0]);
  // A decoy for a taken number: its notice is a message, its code is none.
  const taken = new Person(system, phones[0] ?? '');
  const before = await system.phone.newest(taken.phone);
  await taken.register();
  await system.phone.messageFor(taken.phone, { after: before });
  // A number that is not reached.
  await setFault(system, 'telnyx', { kind: 'undelivered', count: 1 });
  const lost = await someone().register();
  await lazy.statusWhen(lost.body.challengeToken, ({ delivery }) => delivery === 'failed');
}

/** Once every receipt is in. */
async function settled(): Promise<Stats> {
  for (;;) {
    const all = await stats();
    if (all.total['delivered'] === 6) return all;
    await sleep(20);
  }
}

beforeAll(async () => {
  system = await startSystem({
    provider: 'telnyx,twilio',
    receipts: true,
    env: {
      // Of Americans nobody takes what the first vendor could not deliver.
      SMS_ROUTES: 'US=telnyx;*=telnyx,twilio',
      LIMIT_UNAUTHENTICATED: 'off',
      LIMIT_SMS_UNVERIFIED: '20/1h',
      LIMIT_SMS_GLOBAL: '1000/1h',
      SMS_PRICES: 'US=0.01,twilio:DE=0.09',
      SMS_CURRENCY: 'USD',
      SMS_MONEY_PER_DAY: '10',
    },
  });
  await history();
}, 120_000);
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

const none = { delivered: 0, undelivered: 0, converted: 0, wasted: 0, unpriced: 0, segments: 0, cost: [] };
const unknown = { deliveryRate: null, conversionRate: null };
const toAmerica = {
  ...{ provider: 'telnyx', country: 'US', handOvers: 6, accepted: 6, acceptanceRate: 1, segments: 6, unpriced: 0 },
  ...{ delivered: 5, undelivered: 1, deliveryRate: 0.833, cost: [{ currency: 'USD', amount: 0.0306 }] },
};
const refused = {
  provider: 'telnyx',
  country: 'DE',
  ...none,
  ...unknown,
  handOvers: 1,
  accepted: 0,
  acceptanceRate: 0,
};
const carried = {
  ...{ provider: 'twilio', country: 'DE', ...none, ...unknown, handOvers: 1, accepted: 1, acceptanceRate: 1 },
  // No receipt told what it cost.
  ...{
    segments: 1,
    cost: [{ currency: 'USD', amount: 0.09 }],
    delivered: 1,
    deliveryRate: 1,
    converted: 1,
    conversionRate: 1,
  },
};

describe('the figures', () => {
  it('are those of what happened, per vendor and country; a decoy is none, a code that may still be entered is not wasted', async () => {
    const { total, byProvider, byCountry, byProviderAndCountry } = await settled();
    const open = { ...toAmerica, converted: 2, wasted: 1, conversionRate: 0.667 };
    expect(byProviderAndCountry).toEqual([refused, open, carried]);
    const both = { handOvers: 7, accepted: 6, acceptanceRate: 0.857 };
    expect({ country: 'US', ...byProvider[0] }).toEqual({ ...open, ...both });
    expect(byCountry.map(({ country, handOvers, accepted }) => [country, handOvers, accepted])).toEqual([
      ['DE', 2, 1],
      ['US', 6, 6],
    ]);
    expect(total).toMatchObject({ handOvers: 8, accepted: 7, converted: 3, wasted: 1, unpriced: 0 });
  });

  it('count a code as wasted once it can no longer be entered, and stay when its challenge is deleted', async () => {
    system.clock.advance(400);
    const ended = { ...toAmerica, converted: 2, wasted: 3, conversionRate: 0.4 };
    expect((await stats()).byProviderAndCountry).toEqual([refused, ended, carried]);
    await system.database.query('DELETE FROM otp_attempts');
    expect((await stats()).byProviderAndCountry).toEqual([refused, ended, carried]);
    const { rows } = await system.database.query(
      `SELECT identifier FROM graphile_worker._private_known_crontabs WHERE identifier = 'sms_conversions'`,
    );
    expect(rows).toHaveLength(1);
  });

  it('are the same over time, and those of the period that is asked for', async () => {
    const series = await ask<{ stepSeconds: number; steps: Figures[] }>('stats/series');
    expect(series.stepSeconds).toBe(3600);
    expect(series.steps.reduce((sum, { handOvers }) => sum + handOvers, 0)).toBe(8);
    const now = system.clock.now().getTime();
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    expect((await stats(`?from=${at(-86_400)}&to=${at(-3600)}`)).total.handOvers).toBe(0);
    expect((await stats(`?from=${at(-3600)}`)).total.handOvers).toBe(8);
    const hour = await ask<{ stepSeconds: number }>(`stats/series?from=${at(-3600)}`);
    expect(hour.stepSeconds).toBe(300);
    for (const query of [`from=${at(10)}`, `from=${at(-91 * 86_400)}`, 'from=yesterday', 'by=vendor']) {
      const { status, body } = await system.admin.get<ProblemBody>(`${SMS}/stats?${query}`, { token: system.adminKey });
      expect([query, status, body.code]).toEqual([query, 400, 'validation_failed']);
    }
  });

  it('are printed by the command line, one row per vendor, country or both', async () => {
    const told = (await stats()).byProviderAndCountry.map(({ cost, ...figures }) => ({
      ...figures,
      cost: (cost as { currency: string; amount: number }[]).map(({ currency, amount }) => `${amount} ${currency}`),
    }));
    const january = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02'];
    const [both, byCountry, { stdout }] = await Promise.all([
      cliRecords(system.env, 'sms', 'stats'),
      cliRecords(system.env, 'sms', 'stats', '--by', 'country', ...january),
      runCli(system.env, ['sms', 'stats', '--by', 'provider']),
    ]);
    expect([both, byCountry]).toEqual([told, []]);
    expect(stdout).toMatch(/^provider +handOvers.*\ntelnyx +7 .*0\.0306 USD\ntwilio +1 /);
  });
});

describe('the report', () => {
  it('is one file that needs nothing from elsewhere, by command line and admin API', async () => {
    const file = join(folder, 'report.html');
    const { code, stdout } = await runCli(system.env, ['sms', 'stats', '--html', file]);
    expect([code, stdout]).toEqual([0, `the report is in ${file}\n`]);
    const answer = await system.admin.get<string>(`${SMS}/stats/report`, { token: system.adminKey });
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    for (const page of [readFileSync(file, 'utf8'), answer.text]) {
      expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script/i);
      expect(page.match(/<svg /g)).toHaveLength(5);
      expect(page).toContain('<td>5 (83.3 %)</td>');
      expect(page).toContain('0.0306 USD');
      expect(page).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('single hand-overs', () => {
  it('come newest first, in pages, without a number or a code', async () => {
    const all: Delivery[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<Delivery> = await ask(`deliveries?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    const { rows } = await system.database.query<{ id: string }>(
      'SELECT id FROM sms_deliveries ORDER BY created_at DESC, id DESC',
    );
    expect(all.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const text = JSON.stringify(all);
    for (const secret of [...phones, ...codes.map((code) => `"${code}"`)]) expect(text).not.toContain(secret);
    const records = await cliRecords<Delivery>(system.env, 'sms', 'deliveries');
    expect(records.map(({ id, status }) => [id, status])).toEqual(all.map(({ id, status }) => [id, status]));
    expect(records[0]).toMatchObject({ destination: expect.stringMatching(/^\+1\*+\d{4}$/) as string, country: 'US' });
  });

  // ASVS 1.4.2
  it('are found by vendor, country, state and challenge', async () => {
    const of = async (query: string) => (await ask<Page<Delivery>>(`deliveries?${query}`)).items;
    const [failed] = await of('provider=telnyx&country=DE&status=failed');
    expect(failed).toMatchObject({ failureKind: 'unavailable', send: 1, source: 'code', converted: false });
    const [taken] = await of('provider=twilio');
    expect(taken).toMatchObject({ referenceId: failed?.['referenceId'], converted: true, status: 'delivered' });
    expect(await of(`reference=${String(taken?.['referenceId'])}`)).toHaveLength(2);
    // Of a first message and its resend the later one has the merit.
    const resend = (await of('provider=telnyx')).find(({ send }) => send === 2);
    const ofOne = await of(`reference=${String(resend?.['referenceId'])}`);
    expect(ofOne.map(({ send, converted }) => [send, converted])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect((await of('status=failed')).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await of('country=FR')).toEqual([]);
    for (const query of [
      'status=lost',
      'reference=x',
      'cursor=x',
      'limit=201',
      'phone=1',
      'provider=%00',
      'cursor=%00',
    ]) {
      const { status } = await system.admin.get(`${SMS}/deliveries?${query}`, { token: system.adminKey });
      expect([query, status]).toEqual([query, 400]);
    }
    const [byCli] = await cliRecords(
      system.env,
      'sms',
      'deliveries',
      '--country',
      'DE',
      '--status',
      'delivered',
      '--limit',
      '1',
    );
    expect(byCli).toMatchObject({ id: taken?.id });
  });
});

it('vendors are shown in their order, with the breaker of the instance that answers and the last hour of all', async () => {
  const before = await ask<Page<JsonObject>>('providers');
  expect(before.items.map(({ provider, kind, place, breaker }) => [provider, kind, place, breaker])).toEqual([
    ['telnyx', 'sender', 1, 'closed'],
    ['twilio', 'sender', 2, 'closed'],
  ]);
  expect(before.items[0]).toMatchObject({
    handOvers: 7,
    accepted: 6,
    openedAt: null,
    lastFailure: 'undelivered 40008',
  });
  await setFault(system, 'telnyx', { kind: 'status', status: 503 });
  for (let send = 0; send < 5; send += 1) await someone(`+491511234561${send}`).challenged('register');
  await clearFault(system, 'telnyx');
  const [telnyx, twilio] = (await ask<Page<JsonObject>>('providers')).items;
  expect(telnyx).toMatchObject({ breaker: 'open', openedAt: expect.any(String) as string, accepted: 6 });
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
    await joined();
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
