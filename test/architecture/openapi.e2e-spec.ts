// docs/openapi.json is the contract in review: it is what a running instance serves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem, type System } from '../support/instance';

const { render } = jest.requireActual<{ render: (document: unknown) => string }>('../../scripts/dump-openapi.cjs');

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
});
