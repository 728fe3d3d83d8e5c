// What an operator sees of messages, by admin API and command line: the same figures, from what really happened.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProblemBody } from '../../support/api-client';
import { cliRecords, runCli } from '../../support/cli';
import type { System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { type Delivery, type Figures, type Page, SMS, SmsHistory, type Stats } from '../../support/sms-history';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-report-'));
let history: SmsHistory;
let system: System;
const ask = <Body>(path: string) => history.ask<Body>(path);
const stats = (query = '') => ask<Stats>(`stats${query}`);

beforeAll(async () => {
  history = await SmsHistory.start();
  system = history.system;
}, patiently(120_000));
afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Once every receipt is in. */
function settled(): Promise<Stats> {
  const whole = async (): Promise<Stats | false> => {
    const all = await stats();
    return all.total['delivered'] === 6 && all;
  };
  return until(whole, 'the last receipt');
}

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
    const told = (await stats()).byProviderAndCountry;
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
    for (const secret of [...history.phones, ...history.codes.map((code) => `"${code}"`)])
      expect(text).not.toContain(secret);
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
      `cursor=1-${'-'.repeat(36)}`,
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
