// Client apps as the operator keeps them: secrets that are shown once, changes, refusals, and the audit of each (A30).
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cliRecords, runCli } from '../../support/cli';
import { clientRecords, createClient } from '../../support/client-records';
import { everyTable } from '../../support/dump';
import { startSystem, type System } from '../../support/instance';

let system: System;

const clients = (...args: string[]) => clientRecords(system, ...args);
const created = (clientId: string, ...args: string[]) => createClient(system, clientId, ...args);

beforeAll(async () => {
  system = await startSystem({ instances: 2 });
});
afterAll(() => system.stop());

describe('the operator', () => {
  it('A30: sees a secret once; the database, the log and the audit hold none', async () => {
    const { secret } = await created('vault', '--scope', 'introspect', 'revoke');
    expect(secret).toMatch(/^ak_[\w-]{43}$/);
    const [rotated] = await clients('rotate-secret', 'vault');
    expect(rotated?.secret).toMatch(/^ak_[\w-]{43}$/);
    expect(rotated?.secret).not.toBe(secret);
    for (const [record] of [await clients('show', 'vault'), await clients('update', 'vault', '--name', 'Vault')]) {
      expect(record).not.toHaveProperty('secret');
    }
    const kept = `${await everyTable(system)}${system.logs()}`;
    const now = rotated?.secret ?? '';
    for (const shown of [secret, now, secret.slice(3), now.slice(3), Buffer.from(now).toString('hex')]) {
      expect(kept).not.toContain(shown);
    }
    expect(kept).toContain(createHash('sha256').update(now).digest('hex'));
    expect(kept).not.toContain(createHash('sha256').update(secret).digest('hex'));
  });

  it('changes what is named and nothing else', async () => {
    await created('editor', '--name', 'Editor', '--scope', 'introspect', '--origin', 'https://a.example');
    const changes = [
      '--audience',
      'https://x.example',
      '--token-ttl',
      '3600',
      '--origin',
      'https://b.example',
      'http://localhost:8080',
    ];
    const [record] = await clients('update', 'editor', ...changes);
    expect(record).toMatchObject({
      name: 'Editor',
      scopes: ['introspect'],
      audience: 'https://x.example',
      accessTokenTtlSeconds: 3600,
      allowedOrigins: ['https://b.example', 'http://localhost:8080'],
    });
    const [reset] = await clients('update', 'editor', '--token-ttl', 'default', '--scope', 'none', '--origin', 'none');
    expect(reset).toMatchObject({ accessTokenTtlSeconds: null, scopes: [], allowedOrigins: [] });
    expect(await clients('show', 'editor')).toEqual([reset]);
  });

  it('is told in one line all that a registration may not be', async () => {
    const wrong = ['--client-id', 'a:b', '--token-ttl', 'soon', '--origin', '*', '--audience', 'a b'];
    const { code, stdout, stderr } = await runCli(system.env, ['clients', 'create', ...wrong]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    for (const named of ['--client-id', '--token-ttl', '--origin', 'audience']) expect(stderr).toContain(named);
    const unknown = await runCli(system.env, ['clients', 'create', '--scope', 'everything']);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/^latchkey: [^\n]*everything[^\n]*\n$/)]);
  });

  it('is named by the audit of every change', async () => {
    await created('audited');
    await clients('update', 'audited', '--name', 'Audited');
    await clients('rotate-secret', 'audited');
    for (const command of ['disable', 'enable', 'delete']) await clients(command, 'audited');
    const { rows } = await system.database.query<{ event: string; meta: Record<string, unknown> }>(
      `SELECT event, meta FROM audit_log WHERE meta->>'clientId' = 'audited' ORDER BY id`,
    );
    expect(rows.map(({ event }) => event)).toEqual([
      'client_created',
      'client_updated',
      'client_secret_rotated',
      'client_disabled',
      'client_enabled',
      'client_deleted',
    ]);
    for (const { meta } of rows) expect(meta['by']).toMatch(/^cli:./);
    expect(rows[1]?.meta['changed']).toEqual(['name']);
    const [told] = await cliRecords(system.env, 'audit', 'list', '--type', 'client_updated', '--limit', '1');
    expect(told).toMatchObject({ meta: rows[1]?.meta, amr: null });
  });

  it('has in development an administrator whose key lies in the folder all instances share, for the owner only', async () => {
    const file = join(system.env['LATCHKEY_DIR'] ?? '', 'admin-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, 'utf8');
    const { rows } = await system.database.query(
      `SELECT scopes FROM api_clients WHERE client_id = 'development-admin' AND secret_digest = $1`,
      [createHash('sha256').update(key).digest()],
    );
    expect(rows).toHaveLength(1);
  });
});
