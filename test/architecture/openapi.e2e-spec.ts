// docs/openapi.json is the contract in review: it is what a running instance serves, and clients can be generated from it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openApi from '../../docs/openapi.json';
import { startSystem, type System } from '../support/instance';

const { render } = jest.requireActual<{ render: (document: unknown) => string }>('../../scripts/dump-openapi.cjs');

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}

/** Every object in the document with its path. */
function* nodes(node: unknown, path = ''): Generator<[path: string, node: Readonly<Record<string, unknown>>]> {
  if (typeof node !== 'object' || node === null) return;
  yield [path, node as Record<string, unknown>];
  for (const [key, value] of Object.entries(node)) yield* nodes(value, `${path}/${key.replaceAll('/', '~1')}`);
}

describe('the OpenAPI document', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());

  it('is docs/openapi.json (node scripts/build.cjs && node scripts/dump-openapi.cjs)', async () => {
    const { body } = await system.api.get('/openapi.json');
    expect(render(body)).toBe(readFileSync(join(__dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'));
  });

  it('leaves no value to be any object, but what a vendor sends', () => {
    const isOpen = ({ type, properties, additionalProperties }: Readonly<Record<string, unknown>>) =>
      type === 'object' && properties === undefined && additionalProperties === undefined;
    const open = [...nodes(openApi)].filter(([, node]) => isOpen(node)).map(([path]) => path);
    expect(open.filter((path) => !path.startsWith('/paths/~1webhooks'))).toEqual([]);
    expect(openApi.components.schemas).not.toHaveProperty('Object');
  });

  it('refers only to what it contains', () => {
    const all = [...nodes(openApi)];
    const there = new Set(all.map(([path]) => `#${path}`));
    const references = all.map(([, { $ref }]) => $ref).filter((reference) => typeof reference === 'string');
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => !there.has(reference))).toEqual([]);
  });

  it('tells of each operation what a refusal is, and names it by words', () => {
    const operations = Object.values(openApi.paths).flatMap((path) => Object.values(path) as Operation[]);
    for (const { operationId, responses } of operations) {
      const problem = operationId.startsWith('Oauth.') ? 'OauthProblem' : 'Problem';
      expect([operationId, responses['default']]).toEqual([operationId, { $ref: `#/components/responses/${problem}` }]);
      expect(operationId).toMatch(/^\w+\.\w+$/);
    }
  });
});
