// The pages of docs/: every error code has its line in the troubleshooting table, every alarm one in monitoring, and every vendor its steps.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf } from '../../src/config/load-config';
import { alarmNames } from '../../src/platform/logging/alarm';
import { providerDefinitions } from '../../src/sms/providers';

interface DumpTroubleshooting {
  readonly codesOf: (errors: string) => { readonly code: string }[];
  readonly render: (errors: string, hints: Readonly<Record<string, readonly string[]>>) => string;
}

const root = join(__dirname, '../..');
const docs = join(root, 'docs');
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');
const { codesOf, render } = jest.requireActual<DumpTroubleshooting>('../../scripts/dump-troubleshooting.cjs');
const hints = JSON.parse(read('troubleshooting.hints.json')) as Record<string, string[]>;

it('has a line of help for every error code, and for no other', () => {
  expect(Object.keys(hints).sort()).toEqual(
    codesOf(read('errors.md'))
      .map(({ code }) => code)
      .sort(),
  );
  expect(Object.values(hints).filter(([who = '']) => !['app', 'operator', 'person'].includes(who))).toEqual([]);
});

it('is docs/troubleshooting.md as generated (node scripts/dump-troubleshooting.cjs)', () => {
  const cells = (text: string): string => text.replace(/-{3,}/g, '-').replace(/ +/g, ' ');
  expect(cells(read('troubleshooting.md'))).toBe(cells(render(read('errors.md'), hints)));
});

it('says in docs/monitoring.md of every alarm what to do, and of no other', () => {
  const [, section = ''] = read('monitoring.md').split(/^## /m);
  const first = [...section.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) => cell.match(/[a-z_]+/g) ?? []);
  expect(first.filter((word) => word !== 'name').sort()).toEqual([...alarmNames].sort());
});

it.each(providerDefinitions.map(({ name, config }) => ({ name, config })))(
  'has $name in README, its steps and one of its settings at least in docs/vendors.md',
  ({ name, config }) => {
    const page = read('vendors.md');
    const keys = keysOf(config);
    const missing = name === 'http' || page.includes(`\`${name}\``) ? [] : [`\`${name}\``];
    if (!readFileSync(join(root, 'README.md'), 'utf8').includes(`\`${name}\``)) missing.push(`\`${name}\` in README`);
    if (!keys.some((key) => page.includes(key))) missing.push(`any of ${keys.join(', ')}`);
    expect(missing).toEqual([]);
  },
);

it('names no setting in docs/vendors.md that .env.example lacks', () => {
  const known = readFileSync(join(root, '.env.example'), 'utf8');
  const named = read('vendors.md').match(/`[A-Z][A-Z0-9]+_[A-Z0-9_]+(?=[`=])/g) ?? [];
  const keys = new Set(named.map((text) => text.slice(1).replace(/_FILE$/, '')));
  expect([...keys].filter((key) => !new RegExp(`^#?${key}=`, 'm').test(known))).toEqual([]);
});
