// .env.example lists exactly the keys the code reads, each with a sentence.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appSlices } from '../../src/app.config';
import { ConfigSlice, type SliceClass } from '../../src/config/config-slice';
import { keysOf } from '../../src/config/load-config';
import { providerDefinitions } from '../../src/sms/providers';
import { StartConfig } from '../../src/start/start.config';

/** Read by the programs themselves, before or beside the slices. */
const processKeys = [
  'NODE_ENV',
  'CLOCK_OFFSET_FILE',
  'LATCHKEY_DIR',
  'SIMULATOR_PORT',
  'SIMULATOR_HOST',
  'SIMULATOR_SMTP_PORT',
  'SIMULATOR_WEBHOOK_URL',
];

const source = join(__dirname, '../../src');
const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
const keyOf = (line: string): string | undefined => /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
const listed = lines.flatMap((line) => keyOf(line) ?? []);

describe('.env.example', () => {
  it('lists every key of every slice in src/app.config.ts once, and no other', () => {
    const slices: SliceClass[] = [...appSlices, ...providerDefinitions.map(({ config }) => config), StartConfig];
    const known = new Set([...slices.flatMap(keysOf), ...processKeys]);
    expect([...listed].sort()).toEqual([...known].sort());
  });

  it('can list them: every slice is in src/app.config.ts', async () => {
    const isListed = (file: string) => file.endsWith('.config.ts') && !/^(sms\/providers|start)\//.test(file);
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(isListed);
    const exported = await Promise.all(files.map(async (file) => (await import(join(source, file))) as object));
    const isSlice = (value: unknown): value is SliceClass =>
      typeof value === 'function' && value.prototype instanceof ConfigSlice;
    const slices = exported.flatMap((module) => Object.values(module).filter(isSlice));
    expect(slices.length).toBeGreaterThan(20);
    expect(slices.filter((slice) => !appSlices.includes(slice)).map(({ name }) => name)).toEqual([]);
  });

  it('says one sentence about each key', () => {
    const bare = lines.filter((line, at) => keyOf(line) !== undefined && !/^# .+\.$/.test(lines[at - 1] ?? ''));
    expect(bare).toEqual([]);
  });
});
