// What a package does at every start and no start of ours needs: asked of Node in vain, or made long before it is used (ADR 85, 90).
// Each change says what it looks for; a release of the package that is written otherwise fails the build.
const { join } = require('node:path');

/** An object with `format` is made by the first that asks it. */
const madeLater = (name) => ({
  from: new RegExp(`const ${name} = (new Intl\\.[^;]*);`),
  to: `const ${name} = { format: (at) => $1.format(at) };`,
});

/** A part of Node is loaded by the first that calls one of its functions. */
const loadedLater = (name, part, functions) => ({
  from: new RegExp(`const ${name} = require\\((["'])${part}\\1\\);?`),
  to: `const ${name} = { ${functions.map((each) => `${each}: (...given) => require("${part}").${each}(...given)`)} };`,
});

const changes = [
  {
    // It asks by a Response whether this is Cloudflare, for which Node loads all of fetch.
    file: 'pg/lib/stream.js',
    from: /(?<=function isCloudflareRuntime\(\) \{)/,
    to: ' return false;',
  },
  {
    // For the times of a logger that we do not use, it has ICU read what it knows of calendars: 6 MB.
    file: '@nestjs/common/services/console-logger.service.js',
    ...madeLater('dateTimeFormatter'),
  },
  { file: '@nestjs/common/services/logger.service.js', ...madeLater('dateTimeFormatter') },
  {
    // No task is a program of its own.
    file: 'graphile-worker/dist/plugins/LoadTaskFromExecutableFilePlugin.js',
    ...loadedLater('child_process_1', 'child_process', ['spawn']),
  },
  {
    // One database is spoken to of the seventeen it knows.
    file: 'typeorm/driver/DriverFactory.js',
    from: /const (\w+Driver)_1 = require\("(\.\/(?!postgres\/)[^"]+)"\);/g,
    to: 'const $1_1 = { get $1() { return require("$2").$1; } };',
  },
  {
    // Connections and tasks are not looked for in files.
    file: 'typeorm/util/ImportUtils.js',
    from: 'const promises_1 = tslib_1.__importDefault(require("fs/promises"));',
    to: 'const promises_1 = { get default() { return require("fs/promises"); } };',
  },
  {
    // It would look for a configuration in the folder that it was started in, and in all above it. What it goes by here is in src/jobs.
    file: 'graphile-worker/dist/config.js',
    from: 'const cosmiconfig_1 = require("cosmiconfig");',
    to: 'const cosmiconfig_1 = { cosmiconfigSync: () => ({ search: () => undefined }) };',
  },
  ...['fs', 'getTasks'].map((name) => ({
    file: `graphile-worker/dist/${name}.js`,
    ...loadedLater('promises_1', 'fs/promises', ['stat', 'lstat', 'readdir', 'realpath']),
  })),
  // Nothing is served over TLS or HTTP/2, and no gateway is pushed to: Node would load a third more of its own parts for these.
  { file: 'fastify/lib/server.js', ...loadedLater('http2', 'node:http2', ['createServer', 'createSecureServer']) },
  { file: 'fastify/lib/server.js', ...loadedLater('https', 'node:https', ['createServer']) },
  { file: 'prom-client/lib/pushgateway.js', ...loadedLater('https', 'https', ['request']) },
  { file: 'prom-client/lib/pushgateway.js', ...loadedLater('{ gzipSync }', 'zlib', ['gzipSync']) },
  {
    // A piece of a path is compiled when something is first asked for below it.
    file: 'find-my-way/lib/node.js',
    from: 'function compilePrefixMatch (prefix) {',
    to: 'function compilePrefixMatch (prefix) { let match; return (path, i) => (match ??= compiled(prefix))(path, i) } function compiled (prefix) {',
  },
  {
    // Routes whose parameters have the same names share what gives them to a request.
    file: 'find-my-way/lib/handler-storage.js',
    from: '_compileCreateParamsObject (params) {',
    to: '_compileCreateParamsObject (params) { const all = (HandlerStorage.all ??= { __proto__: null }); return (all[params] ??= this._compiled(params)) } _compiled (params) {',
  },
];

/** @returns the code with what is changed of this file; lines stay */
function changed(code, id) {
  let told = code;
  for (const { file, from, to } of changes) {
    if (!id.endsWith(join('node_modules', file))) continue;
    const before = told;
    told = told.replace(from, to);
    if (told === before) throw new Error(`${id} is written otherwise than it was`);
  }
  return told;
}

module.exports = { changed };
