// .env.example lists exactly the keys the code reads, each with a sentence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage } from 'class-validator';
import { appSlices } from '../../src/app.config';
import type { SliceClass } from '../../src/config/config-slice';
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

function keysOf(slice: SliceClass): string[] {
  const fields = getMetadataStorage().getTargetValidationMetadatas(slice, '', false, false);
  return fields.map(({ propertyName }) => propertyName);
}

const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
const keyOf = (line: string): string | undefined => /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
const listed = lines.flatMap((line) => keyOf(line) ?? []);

describe('.env.example', () => {
  it('lists every key of every slice once, and no other', () => {
    const slices: SliceClass[] = [...appSlices, ...providerDefinitions.map(({ config }) => config), StartConfig];
    const known = new Set([...slices.flatMap(keysOf), ...processKeys]);
    expect([...listed].sort()).toEqual([...known].sort());
  });

  it('says one sentence about each key', () => {
    const bare = lines.filter((line, at) => keyOf(line) !== undefined && !/^# .+\.$/.test(lines[at - 1] ?? ''));
    expect(bare).toEqual([]);
  });
});
