// Runs a program, the API up to its first answer, and writes what V8 has compiled of it by then.
// Arguments: <the program> <the file to write> <arguments of the program>
const { writeFileSync } = require('node:fs');
const { get } = require('node:http');
const { dirname, join } = require('node:path');
const vm = require('node:vm');
const { startEmptyDatabase } = require('./empty-database.cjs');

const [, , program, target, ...args] = process.argv;

const BROKEN = 70;

const { Script } = vm;
let compiled;
vm.Script = class extends Script {
  constructor(...given) {
    super(...given);
    compiled = this;
  }
};
const { write } = process.stdout;
process.stdout.write = function (text, ...rest) {
  if (String(text).startsWith('{"event":"ready"'))
    get(`${JSON.parse(text).api}/health/live`, (response) => response.resume().once('end', () => process.exit(0)));
  return write.call(this, text, ...rest);
};
process.once('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(BROKEN);
});
process.once('exit', (code) => {
  if (code === BROKEN) return;
  // V8 takes what was kept under the flags that it is taken under.
  require(join(dirname(program), 'platform', 'process', 'light-start.js')).endLightStart();
  writeFileSync(target, compiled.createCachedData());
  process.exitCode = 0; // it may have complained that nothing is configured or migrated, which is as far as it has to come
});
process.argv = [process.argv[0], program, ...args];
startEmptyDatabase().then((port) => {
  if (process.env.DATABASE_URL !== undefined) process.env.DATABASE_URL = `postgres://nobody@127.0.0.1:${port}/none`;
  require(program);
});
