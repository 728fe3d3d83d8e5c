// What a package does at every start and no start of ours needs: asked of Node in vain, or made long before it is used (ADR 85, 90).
// Each change says what it looks for; a release of the package that is written otherwise fails the build.
const { join } = require('node:path');

/** An object with `format` is made by the first that asks it. */
const madeLater = (name) => ({
  from: new RegExp(`const ${name} = (new Intl\\.[^;]*);`),
  to: `const ${name} = { format: (at) => $1.format(at) };`,
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
    from: 'const child_process_1 = require("child_process");',
    to: 'const child_process_1 = { get spawn() { return require("child_process").spawn; } };',
  },
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
  for (const { file, from, to } of changes) {
    if (!id.endsWith(join('node_modules', file))) continue;
    const told = code.replace(from, to);
    if (told === code) throw new Error(`${id} is written otherwise than it was`);
    return told;
  }
  return code;
}

module.exports = { changed };
