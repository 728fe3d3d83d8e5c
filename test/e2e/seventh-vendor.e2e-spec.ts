// A vendor is one folder. In a scratch copy of the sources the folder of a made-up vendor is put among the others, the lists are
// generated and the programs built; nothing else is touched. Then everything knows it: the contract suite, the
// configuration, the simulator, and a person who registers through it.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { ROOT } from '../support/program';
import { requestsTo } from '../support/simulator-control';

const provider = 'carrier-pigeon';
const copied = ['src', 'migrations', 'scripts', 'test/contract', '.swcrc', 'package.json', 'jest.config.cjs'];

let scratch: string;

function node(script: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(scratch, script), ...args], { cwd: scratch, stdio: 'pipe' });
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-seventh-'));
  for (const path of copied) cpSync(join(ROOT, path), join(scratch, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'));
  const folder = join(scratch, 'src/sms/providers', provider);
  cpSync(join(__dirname, 'seventh-vendor', provider), folder, { recursive: true });
  expect(() => node('scripts/index-providers.cjs', '--check')).toThrow('stale');
  node('scripts/index-providers.cjs');
  node('scripts/build.cjs');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Results {
  testResults: { name: string; assertionResults: { ancestorTitles: string[]; fullName: string; status: string }[] }[];
}

it('the contract suites hold it to all that every vendor is held to', () => {
  const config = join(scratch, 'jest.contract.config.cjs');
  writeFileSync(
    config,
    `module.exports = { ...require('./jest.config.cjs'), globalSetup: undefined, globalTeardown: undefined };`,
  );
  const output = join(scratch, 'results.json');
  const suites = ['test/contract/sms-provider', 'test/contract/client-and-dialect', 'src/sms/providers/index.spec'];
  const flags = ['--config', config, '-w', '1', '-t', provider, '--json', '--outputFile', output];
  node('node_modules/jest/bin/jest.js', ...flags, ...suites);
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as Results;
  const held = testResults.map(({ name, assertionResults }) => {
    const its = assertionResults.filter(({ ancestorTitles }) => ancestorTitles[0] === provider);
    expect(its.filter(({ status }) => status !== 'passed')).toEqual([]);
    return [name.slice(scratch.length + 1), its.length] as const;
  });
  const wire = Object.fromEntries(held);
  expect(Object.keys(wire)).toHaveLength(suites.length);
  expect(wire['test/contract/sms-provider.e2e-spec.ts']).toBeGreaterThan(20);
  expect(Math.min(...Object.values(wire))).toBeGreaterThan(2);
});

/** @returns what a start with this configuration is refused for */
function refusal(variables: Record<string, string>): string {
  const load = `require('reflect-metadata'); require('./dist/src/app.config').loadAppConfig(process.env)`;
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', ...variables };
  return spawnSync(process.execPath, ['-e', load], { cwd: scratch, env, encoding: 'utf8' }).stderr;
}

it('the configuration asks for its keys, and offers its name', () => {
  expect(refusal({ SMS_PROVIDERS: provider })).toContain('PIGEON_RING is required');
  expect(refusal({ SMS_PROVIDERS: 'owl' })).toMatch(/SMS_PROVIDERS names owl, none of: .*carrier-pigeon/);
});

it.each(['production', 'development'])('every setting of it is read from a file, in %s', (NODE_ENV) => {
  const file = join(scratch, 'base-url');
  writeFileSync(file, 'no address\n');
  const said = refusal({ NODE_ENV, LATCHKEY_DIR: scratch, SMS_PROVIDERS: provider, PIGEON_BASE_URL_FILE: file });
  expect(said).toContain('PIGEON_BASE_URL must be an origin');
});

describe('a system that runs it', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ provider, root: scratch });
  });
  afterAll(() => system.stop());

  it('a person registers with a code that it carried', async () => {
    const person = new Person(system, '+14152000901');
    await person.joined();
    expect(await system.phone.messages(person.phone)).toMatchObject([{ provider, channel: 'sms' }]);
    expect(await requestsTo(system, provider)).toMatchObject([{ path: '/pigeons' }]);
  });
});
