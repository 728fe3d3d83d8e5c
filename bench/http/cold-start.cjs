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

/**
 * Of each turn its own ratio: a machine that others use is as fast as another from one minute to the next. The quartiles of such ratios are
 * 0.97 and 1.37 apart on a busy one: the median of nine turns was 0.93 in one run and 1.35 in the next.
 * @param {string} main our program @param {object} env its environment @param {(text: string) => void} progress
 */
async function coldStart(folder, main, env, progress, times = 25) {
  const startOurs = () => once(folder, main, env);
  const startBare = () => once(folder, join(__dirname, 'contestants', 'bare-nest-server.cjs'), {});
  await startOurs(); // from files that the operating system has read before, as all others
  await startBare();
  const turns = [];
  for (let time = 0; time < times; time += 1) {
    progress(`start ${time + 1} of ${times}`);
    const first = time % 2 === 0 ? await startOurs() : undefined;
    const bare = await startBare();
    turns.push({ ours: first ?? (await startOurs()), bare });
  }
  const of = (figure) => median(turns.map(figure));
  const figuresOf = (who) => ({
    milliseconds: of((turn) => turn[who].milliseconds),
    cpu: of((turn) => turn[who].cpu),
    memory: of((turn) => turn[who].memory),
  });
  const ratioOf = (what) => of(({ ours, bare }) => ours[what] / bare[what]);
  return {
    ours: figuresOf('ours'),
    bare: figuresOf('bare'),
    ratio: ratioOf('milliseconds'),
    cpuRatio: ratioOf('cpu'),
    memoryRatio: ratioOf('memory'),
  };
}

module.exports = { coldStart };
