// The dashboard as it is served, and the figures that were made for it: refusals and messages over time, per country.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ProblemBody } from '../../support/api-client';
import { cliRecords } from '../../support/cli';
import { startSystem, type System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { Person } from '../../support/person';
import { SMS } from '../../support/sms-history';
import { kinds, numberIn, registrations, SPEND_LIMITS, strangerTo } from '../../support/strangers';

const STRANGERS = 8;
const assets = join(__dirname, '../../../web/dist/dashboard/assets');

interface Step {
  readonly at: string;
  readonly country: string | null;
  readonly kind: string;
  readonly count: number;
  readonly handOvers: number;
}
interface Series extends ProblemBody {
  readonly stepSeconds: number;
  readonly steps: readonly Step[];
}

let system: System;
beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { ...SPEND_LIMITS, LIMIT_SMS_UNVERIFIED: '3/1h' } });
});
afterAll(() => system.stop());

const ask = async (path: string, query = '') =>
  (await system.admin.get<Series>(`${SMS}/${path}${query}`, { token: system.adminKey })).body;

/** Each instance adds what it has counted to the same rows, every five seconds. */
function refusals(count: number): Promise<Series> {
  const enough = async (): Promise<Series | false> => {
    const series = await ask('refusals');
    return series.steps.reduce((sum, step) => sum + step.count, 0) >= count && series;
  };
  return until(enough, `refusal ${count}`, 30_000, 50);
}

it('refused messages are counted per country and kind, by all instances together; those of mail and those that were sent are not', async () => {
  const everywhere = async (country: 'GB' | 'FR') => {
    const answers = await registrations(STRANGERS, (n) => {
      const person = strangerTo(system, numberIn(country, 401, n));
      const api = n % 2 === 0 ? person.api : new Person(system, person.phone, undefined, system.apis[1]).api;
      return new Person(system, person.phone, person.password, api);
    });
    return kinds(answers)['503 sms_budget_exhausted'] ?? 0;
  };
  const [british, french] = [await everywhere('GB'), await everywhere('FR')];
  expect(Math.min(british, french)).toBeGreaterThan(1);
  // The number's own counter: fifteen sends to one number are too many for any limit.
  const owner = new Person(system, numberIn('DE', 402, 1));
  await owner.joined();
  let limited = 0;
  for (let n = 0; n < 15; n += 1) {
    system.clock.advance(31);
    if ((await owner.login()).status === 429) limited += 1;
  }
  expect(limited).toBeGreaterThan(0);
  const { steps, stepSeconds } = await refusals(british + french + limited);
  const sums = steps.reduce<Record<string, number>>((all, { country, kind, count }) => {
    const key = `${country} ${kind}`;
    return { ...all, [key]: (all[key] ?? 0) + count };
  }, {});
  expect([stepSeconds, sums]).toEqual([3600, { 'GB budget': british, 'FR budget': french, 'DE limit': limited }]);
  const told = await cliRecords<Step>(system.env, 'sms', 'refusals');
  expect(told.map(({ country, kind, count }) => [country, kind, count])).toEqual(
    steps.map(({ country, kind, count }) => [country, kind, count]),
  );
  const countries = await ask('stats/series/countries');
  const sent = (country: string) =>
    countries.steps.filter((step) => step.country === country).reduce((sum, { handOvers }) => sum + handOvers, 0);
  expect([sent('GB'), sent('FR')]).toEqual([STRANGERS - british, STRANGERS - french]);
});

it('both want a period of at most 90 days, and a key', async () => {
  for (const path of ['refusals', 'stats/series/countries']) {
    expect((await ask(path, '?from=2020-01-01T00:00:00Z')).code).toBe('validation_failed');
    expect([path, (await system.admin.get(`${SMS}/${path}`)).status]).toEqual([path, 401]);
  }
});

it('the dashboard is on the operators’ port alone, under the policy of the pages, and opens nothing by itself', async () => {
  const page = await fetch(`${system.admin.url}/dashboard`);
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; /,
  );
  expect(await page.text()).not.toMatch(
    /<script(?![^>]*\ssrc="\/dashboard\/assets\/)|<style|\son\w+=|\sstyle=|https?:/,
  );
  const names = readdirSync(assets);
  const scripts = names.filter((name) => name.endsWith('.js'));
  expect(scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0)).toBeLessThan(
    patiently(120_000),
  );
  for (const path of ['/dashboard', ...names.map((name) => `/dashboard/assets/${name}`)]) {
    expect([path, (await fetch(`${system.admin.url}${path}`)).status]).toEqual([path, 200]);
    expect([path, (await fetch(`${system.api.url}${path}`)).status]).toEqual([path, 404]);
  }
  for (const path of ['/dashboard/', '/Dashboard', '/dashboard/assets/', '/', '/login']) {
    expect([path, (await fetch(`${system.admin.url}${path}`)).status]).toEqual([path, 404]);
  }
});
