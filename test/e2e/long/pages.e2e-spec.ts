// The hosted pages as they are served: policy, caching, compression and size, and nothing where they are not wanted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startSystem, type System } from '../../support/instance';
import { PagesConfig } from '../../../src/config/pages.config';

const assets = join(__dirname, '../../../web/dist/pages/assets');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${system.api.url}${path}`, { headers });

// ASVS 3.4.3, 3.4.8, 3.6.1
it('every address that has a page answers with the document, under a policy that takes nothing inline and nothing from elsewhere', async () => {
  const addresses = ['/', '/login', '/register', '/forgot', '/account', '/account/security', '/account/sessions'];
  for (const path of [...addresses, '/account/data']) {
    const answer = await get(path);
    const told = ['content-security-policy', 'cache-control', 'x-content-type-options', 'cross-origin-opener-policy'];
    expect([path, answer.status, ...told.map((name) => answer.headers.get(name))]).toEqual([
      path,
      200,
      POLICY,
      'no-store',
      'nosniff',
      'same-origin',
    ]);
    const html = await answer.text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)|<style|\son\w+=|\sstyle=|https?:/);
  }
  for (const path of ['/login/', '/Login', '/account/other', '/assets/', '/assets/..%2findex.html', '/index.html']) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
  expect((await fetch(`${system.api.url}/login`, { method: 'POST' })).status).toBe(405);
});

it('files are kept for good, have a digest in their name, and come compressed to whom can read that', async () => {
  const names = readdirSync(assets);
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    expect(name).toMatch(/-[\w-]{8}\.\w+$/);
    const plain = await get(`/assets/${name}`, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(Buffer.from(await plain.arrayBuffer()).equals(readFileSync(join(assets, name)))).toBe(true);
    const small = await get(`/assets/${name}`, { 'accept-encoding': 'br, gzip' });
    expect(small.headers.get('content-encoding')).toBe('gzip');
    expect(Buffer.from(await small.arrayBuffer()).equals(readFileSync(join(assets, name)))).toBe(true);
  }
});

it('all scripts together are under 120 kB as sent', () => {
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(assets, name))).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120_000);
});

it('what the pages are told of the server is constant and no secret', async () => {
  const answer = await get('/pages/settings');
  expect(await answer.json()).toEqual({
    appName: 'Latchkey',
    registration: 'open',
    termsVersion: null,
    passwordMinLength: 12,
    trustedDeviceDays: 30,
    countries: null,
    client: null,
  });
});

it('A87: whoever asks for client apps is counted like anybody who is not signed in; what is the same for all stays free', async () => {
  const counted = await startSystem({ env: { LIMIT_UNAUTHENTICATED: '5/1m' } });
  try {
    const ask = async (path: string) => (await fetch(`${counted.api.url}${path}`)).status;
    const named = '/pages/settings?clientId=nobody&redirectUri=https%3A%2F%2Fa.example%2F';
    const answers: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) answers.push(await ask(named));
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await counted.api.post('/v1/auth/login', { identifier: 'x', password: 'y' })).status).toBe(429);
    expect(await ask('/pages/settings')).toBe(200);
  } finally {
    await counted.stop();
  }
});

it('production has pages only when it is told to; then they are the same', async () => {
  const wanted = (production: boolean): boolean | undefined => {
    const config = new PagesConfig();
    config.applyDefaults({ production });
    return config.HOSTED_PAGES;
  };
  expect([wanted(true), wanted(false)]).toEqual([false, true]);
  await system.restart(0, { HOSTED_PAGES: 'false' });
  expect((await get('/')).status).toBe(404);
});
