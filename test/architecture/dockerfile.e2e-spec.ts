// The images: what production carries and as whom it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(__dirname, '../../Dockerfile'), 'utf8');
const stages = new Map(
  text
    .split(/^(?=FROM )/m)
    .filter((part) => part.startsWith('FROM '))
    .map((part) => [/ AS (\w+)/.exec(part)?.[1] ?? '', part]),
);
const stage = (name: string): string => stages.get(name) ?? '';

describe('Dockerfile', () => {
  it('builds every stage on Debian slim', () => {
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases.filter((base) => base !== 'node:24-bookworm-slim' && base !== 'runtime')).toEqual([]);
  });

  it.each(['app', 'simulator'])('runs the %s as a user without rights, with a health check', (name) => {
    expect(stage(name)).toMatch(/^FROM runtime/);
    expect(stage('runtime')).toMatch(/^USER node$/m);
    expect(stage(name)).not.toMatch(/^USER /m);
    expect(stage(name)).toMatch(/^HEALTHCHECK /m);
  });

  it('leaves simulator, dialects, start and the embedded database out of the app', () => {
    for (const gone of [
      'dist-app/src/simulator',
      'dist-app/src/start ',
      'dist-app/src/database/embedded',
      '*.dialect.js*',
      'dialects.js*',
    ]) {
      expect(stage('build')).toContain(gone);
    }
    expect(stage('app')).toContain('/build/dist-app dist');
    expect(stage('dependencies')).toContain('npm ci --omit=dev --omit=optional');
  });

  it('makes node the process that gets the signals, with threads for every core', () => {
    expect(stage('app')).toMatch(/^CMD \["sh", "-c", "UV_THREADPOOL_SIZE=.* exec node /m);
  });

  it('asks the app whether it is ready', () => {
    expect(stage('app')).toContain('/health/ready');
  });
});
