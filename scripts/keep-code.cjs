// Runs a program up to the first connection that it would make, and writes what V8 has compiled of it by then.
// Arguments: <the program> <the file to write> <arguments of the program>
const { writeFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

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
// Nothing is connected to: what is under way may go as far as it comes without.
Socket.prototype.connect = function () {
  setTimeout(() => process.exit(0), 0);
  return this;
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
  process.exitCode = 0; // it may have complained that nothing is configured, which is as far as it has to come
});
process.argv = [process.argv[0], program, ...args];
require(program);
