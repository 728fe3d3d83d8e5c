// docker-compose.yml is what the Compose Specification allows, by its published JSON schema (carried by dclint).
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

interface Service {
  image?: string;
  ports?: string[];
  build?: { target: string };
}
interface Compose {
  services: Record<string, Service>;
}

const root = join(__dirname, '../..');
const schemaPath = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json');
const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as Record<string, unknown>;
// The schema names its draft with https, which ajv does not know by that spelling.
delete schema['$schema'];
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const valid = ajv.compile(schema);

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;

describe('docker-compose.yml', () => {
  it('is valid by the schema of the Compose Specification', () => {
    expect(valid(compose) ? [] : valid.errors).toEqual([]);
  });

  it('would be refused with a key that Compose does not know', () => {
    expect(valid({ ...compose, services: { app: { imagge: 'postgres:18' } } })).toBe(false);
  });

  it('publishes no port beyond the machine', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('builds only targets that the Dockerfile has', () => {
    const targets = Object.values(compose.services).flatMap(({ build }) => (build === undefined ? [] : [build.target]));
    const stages = [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^FROM \S+ AS (\w+)$/gm)].map(
      ([, name]) => name,
    );
    expect(stages).toEqual(expect.arrayContaining(targets));
  });
});
