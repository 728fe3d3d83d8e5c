import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadConfig } from '../../config/load-config';
import { providerDefinitions } from '.';
import { dialects } from './dialects';

const script = join(__dirname, '../../../scripts/index-providers.cjs');

it('the generated lists match the vendor folders', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

it('every definition has a dialect with the very same development keys', () => {
  for (const { name, developmentKeys } of providerDefinitions) {
    expect(dialects.find(({ provider }) => provider === name)?.developmentKeys).toBe(developmentKeys);
  }
});

describe.each(providerDefinitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (_name, definition) => {
    const generated = Object.entries(definition.developmentKeys).map(([key, generate]) => [key, generate()] as const);
    const keys: Record<string, string> = Object.fromEntries(generated);
    const load = (more: Record<string, string>) => () => loadConfig([definition.config], { ...keys, ...more });

    it('accepts its generated keys', () => {
      expect(load({ NODE_ENV: 'development', [definition.baseUrlKey]: 'http://127.0.0.1:3001' })).not.toThrow();
    });

    it('refuses a clear-text vendor address in production', () => {
      const plain = { NODE_ENV: 'production', [definition.baseUrlKey]: 'http://vendor.example' };
      expect(load(plain)).toThrow(`${definition.baseUrlKey} must be https in production`);
    });

    it('names every key that is missing', () => {
      const empty = () => loadConfig([definition.config], { NODE_ENV: 'production' });
      for (const [key] of generated) expect(empty).toThrow(`${key} is required`);
    });
  },
);
