// What the build has put together for production (ADR 81): it starts quickly with this Node, and carries nothing that is for trying out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { ROOT } from '../support/program';

const dist = join(ROOT, 'dist');
const source = readFileSync(join(dist, 'programs.js'), 'latin1');

it.each(['main', 'cli', 'cluster'])('%s is started from what V8 has kept of it', (program) => {
  const kept = readFileSync(join(dist, `${program}.code`));
  expect(new Script(source, { cachedData: kept }).cachedDataRejected).toBe(false);
  expect(kept.length).toBeGreaterThan(1_000_000); // of what it runs, not only of the outermost function
  expect(readFileSync(join(dist, 'src', `${program}.js`))).toEqual(readFileSync(join(dist, 'src', 'launch.js')));
});

it('no simulator, no dialect of a vendor and nothing of npm start is in the programs for production', () => {
  const sources = JSON.parse(readFileSync(join(dist, 'programs.js.sources'), 'utf8')) as string[];
  expect(sources.filter((path) => path === '../src/main.ts')).toHaveLength(1);
  expect(sources.filter((path) => /\/src\/(simulator|start)\b|dialect/.test(path))).toEqual([]);
});

it('what describes the API is in no program (ADR 90)', () => {
  const sources = JSON.parse(readFileSync(join(dist, 'programs.js.sources'), 'utf8')) as string[];
  expect(sources.filter((path) => /node_modules\/(@nestjs\/swagger|lodash)\//.test(path))).toEqual([]);
  expect(source).not.toContain('Phone in international form, or a verified e-mail address');
});
