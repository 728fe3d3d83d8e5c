// From the start of the process to the first 2xx, the database up: ours and bare Nest on Fastify by turns.
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');
const { median } = require('./figures.cjs');
const { cpuOf, peakMiBOf } = require('./machine.cjs');
const { start, stop } = require('./programs.cjs');

async function once(folder, path, env) {
  const program = await start(folder, [path], env);
  const response = await fetch(`${program.ready.api}/health/live`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const figures = {
    milliseconds: performance.now() - program.began,
    cpu: cpuOf(program.pid),
    memory: peakMiBOf(program.pid),
  };
  await stop(program);
  return figures;
}

/** @param {string} main our program @param {object} env its environment */
async function coldStart(folder, main, env, times = 3) {
  const [ours, bare] = [[], []];
  for (let time = 0; time < times; time += 1) {
    ours.push(await once(folder, main, env));
    bare.push(await once(folder, join(__dirname, 'contestants', 'bare-nest-server.cjs'), {}));
  }
  const of = (list, what) => median(list.map((one) => one[what]));
  return {
    ours: { milliseconds: of(ours, 'milliseconds'), cpu: of(ours, 'cpu'), memory: of(ours, 'memory') },
    bare: { milliseconds: of(bare, 'milliseconds'), cpu: of(bare, 'cpu'), memory: of(bare, 'memory') },
    ratio: of(ours, 'milliseconds') / of(bare, 'milliseconds'),
    memoryRatio: of(ours, 'memory') / of(bare, 'memory'),
  };
}

module.exports = { coldStart };
