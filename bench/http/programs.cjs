// Programs that are measured: started with their output in a file, so that reading it costs the load nothing; ended with the bench.
const { spawn } = require('node:child_process');
const { closeSync, openSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const READY_WITHIN_MS = 60_000;
const POLL_MS = 5;
const children = new Set();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

let count = 0;

/**
 * @param {string} folder for its output @param {string[]} args of node @param {Record<string, string>} env all it gets besides PATH
 * @returns its process and its ready line, a JSON object with `"event":"ready"`
 */
async function start(folder, args, env) {
  count += 1;
  const path = join(folder, `program-${count}.log`);
  const log = openSync(path, 'w');
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  children.add(child);
  for (;;) {
    const output = readFileSync(path, 'utf8');
    const line = output.split('\n').find((one) => one.includes('"event":"ready"') && one.endsWith('}'));
    if (line !== undefined) return { child, pid: child.pid, ready: JSON.parse(line), began };
    if (child.exitCode !== null || performance.now() - began > READY_WITHIN_MS) {
      throw new Error(`${args.join(' ')} did not come up:\n${output.slice(-4000)}`);
    }
    await sleep(POLL_MS);
  }
}

async function stop({ child }) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([gone, sleep(12_000)]);
    child.kill('SIGKILL');
  }
  children.delete(child);
}

module.exports = { start, stop };
