// Puts the modules of our programs, the packages they use included, in one file, and keeps what V8 makes of it (ADR 81, src/launch.ts).
// What a program loads later by import() stays outside when it is a package, as do packages with compiled parts.
const { execFileSync } = require('node:child_process');
const { copyFileSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { undescribed } = require('./descriptions.cjs');
const { changed } = require('./packages.cjs');
const { sourceLines } = require('./source-lines.cjs');

const WITHIN_MS = 60_000;

const variables = {
  NODE_ENV: 'development',
  DATABASE_URL: 'postgres://127.0.0.1/none', // scripts/empty-database.cjs instead
  MIGRATE_ON_START: 'false',
  HOST: '127.0.0.1',
  PORT: '0',
  ADMIN_PORT: '0',
  METRICS_PORT: '0',
  SECRET_KEYS: 'k1:bm9uZSBvZiB0aGlzIGlzIGV2ZXIgdXNlZCBmb3IgYW55dGhpbmc=',
  SMS_PROVIDERS: 'telnyx',
  TELNYX_API_KEY: 'none',
  TELNYX_PHONE_NUMBER: '+12025550100',
};

const READY = '"event":"ready"';
/** How far each is run for its code: to the first answer, to a database with nothing in it, to the complaint that nothing is configured. */
const programs = {
  main: { args: [], env: variables, until: READY },
  cli: { args: ['clients', 'list'], env: variables },
  cluster: { args: [], env: {} },
};

const compiled = ['bcrypt', '@node-rs/argon2'];
/** Of modules of ours that are loaded later: traces, where somebody collects them. */
const ofLater = [
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-http',
];
/** A library would read a configuration with it that we do not have. */
const outside = [...compiled, ...ofLater, 'typescript'];
const later = /Promise\.resolve\(\)\.then\(\(\)\s*=>.*?\brequire\("([^."][^"]*)"\)/g;
const isOf = (id, name) => id === name || id.startsWith(`${name}/`);

/** Our modules as compiled, each with the folder that it would lie in. @param read gives the code of one */
function ours(dist, read) {
  return {
    name: 'ours',
    resolveId: (id) => (id === 'programs' ? '\0programs' : null),
    load(id) {
      if (id === '\0programs') {
        const entries = Object.keys(programs).map((name) => [name, JSON.stringify(join(dist, 'src', `${name}.js`))]);
        return entries.map(([name, path]) => `exports.${name} = () => require(${path});`).join('\n');
      }
      if (!id.startsWith(join(dist, 'src'))) return null;
      const code = read(id);
      for (const [, name] of code.matchAll(later)) outside.push(name);
      const folder = relative(join(dist, 'src'), dirname(id));
      return {
        code: code.replaceAll('__dirname', `(__dirname + ${JSON.stringify(`/${folder}`)})`),
        map: JSON.parse(readFileSync(`${id}.map`, 'utf8')),
      };
    },
  };
}

/** Of packages: what Node would do at a start, done by the build. */
const packages = {
  name: 'packages',
  load(id) {
    // Text that is parsed when it is asked for is a third of a program that says the same.
    if (!id.endsWith('.json')) return null;
    const text = JSON.stringify(JSON.stringify(JSON.parse(readFileSync(id, 'utf8'))));
    return { code: `module.exports = JSON.parse(${text});`, moduleType: 'js' };
  },
  transform(code, id) {
    const told = changed(code, id);
    return told === code ? null : { code: told, map: null }; // lines stay
  },
};

/** @param {string} dist folder of a build that no program runs from yet */
async function bundle(dist) {
  const { rolldown } = await import('rolldown');
  const built = await rolldown({
    input: 'programs',
    cwd: dirname(dist),
    platform: 'node',
    treeshake: false,
    resolve: { conditionNames: ['node', 'require', 'default'], mainFields: ['main'] }, // what require() finds
    plugins: [ours(dist, await undescribed(dist)), packages],
    external: (id) => outside.some((name) => isOf(id, name)),
    // Packages ask for others that may be there or not: as in Node, they hear of it when they do.
    onLog: (level, log) => log.code === 'UNRESOLVED_IMPORT' || process.stderr.write(`${level}: ${log.message}\n`),
  });
  const {
    output: [{ code, map }],
  } = await built.generate({
    format: 'cjs',
    charset: 'ascii',
    codeSplitting: false,
    comments: false,
    keepNames: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  const [sign] = /[^\0-\x7f]/.exec(code) ?? [];
  if (sign !== undefined) throw new Error(`not ASCII, which src/launch.ts reads: ${sign}`);
  const file = join(dist, 'programs.js');
  // In one line with its first, so that lines stay those of the map.
  writeFileSync(file, `(function (exports, require, module, __filename, __dirname) {${code}\n})`);
  const { sources, lines } = sourceLines(JSON.parse(map.toString()), code);
  writeFileSync(`${file}.sources`, JSON.stringify(sources));
  writeFileSync(`${file}.lines`, lines);
  const secrets = join(dist, 'secrets-of-nobody');
  for (const [name, { args, env, until = '' }] of Object.entries(programs)) {
    copyFileSync(join(dist, 'src', 'launch.js'), join(dist, 'src', `${name}.js`));
    const [program, code] = [join(dist, 'src', `${name}.js`), join(dist, `${name}.code`)];
    const said = execFileSync(process.execPath, [join(__dirname, 'keep-code.cjs'), program, code, ...args], {
      env: { PATH: process.env.PATH, LATCHKEY_DIR: secrets, ...env },
      timeout: WITHIN_MS,
      stdio: 'pipe', // of a failure execFileSync tells what was on stderr
      encoding: 'utf8',
    });
    if (!said.includes(until)) throw new Error(`${name} came less far than its code was to be kept:\n${said}`);
  }
  rmSync(secrets, { recursive: true, force: true });
}

module.exports = { bundle };
