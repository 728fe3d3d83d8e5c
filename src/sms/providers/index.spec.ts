import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/load-config';
import { SystemClock } from '../../platform/clock/system-clock';
import { providerDefinitions } from '.';
import { dialects } from './dialects';

const script = join(__dirname, '../../../scripts/index-providers.cjs');

it('the generated lists match the vendor folders', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

it('every reader of webhooks is tried with whatever comes (test/support/receipt-properties.ts)', () => {
  const specs = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.receipts.spec.ts'))
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .filter((text) => text.includes('readsWhateverComes('));
  const untried = providerDefinitions.filter(
    ({ name, receipts }) => receipts !== undefined && !specs.some((text) => text.includes(`'${name}'`)),
  );
  expect(untried.map(({ name }) => name)).toEqual([]);
});

function refusalOf(load: () => unknown): string | undefined {
  try {
    load();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

it('every definition has a dialect with the very same development keys', () => {
  for (const { name, developmentKeys } of providerDefinitions) {
    expect(dialects.find(({ provider }) => provider === name)?.developmentKeys).toBe(developmentKeys);
  }
});

describe.each(providerDefinitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (_name, definition) => {
    const keys: Record<string, string> = {};
    for (const [key, generate] of Object.entries(definition.developmentKeys)) keys[key] = generate(keys);
    const load = (more: Record<string, string>) => () => loadConfig([definition.config], { ...keys, ...more });

    it('accepts its generated keys', () => {
      expect(load({ NODE_ENV: 'development', [definition.baseUrlKey]: 'http://127.0.0.1:3001' })).not.toThrow();
    });

    it('refuses a clear-text vendor address in production', () => {
      const plain = { NODE_ENV: 'production', [definition.baseUrlKey]: 'http://vendor.example' };
      expect(load(plain)).toThrow(`${definition.baseUrlKey} must be https in production`);
    });

    it.each(Object.keys(keys).filter((key) => !key.startsWith('SIMULATOR_')))(
      'without %s says so, or takes no receipts',
      (key) => {
        const without = load({ NODE_ENV: 'production', [definition.baseUrlKey]: 'https://vendor.example', [key]: '' });
        const refusal = refusalOf(without);
        if (refusal !== undefined) return expect(refusal).toContain(`${key} is required`);
        const config = without().get(definition.config);
        expect(definition.receipts).toBeDefined();
        return expect(definition.receipts?.({ config, clock: new SystemClock() })).toBeUndefined();
      },
    );
  },
);
