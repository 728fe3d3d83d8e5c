// One test file of the fault suite in a process of its own. Invariant: whatever becomes of that process, the next file can run.
const { spawn } = require('node:child_process');
const { closeSync, existsSync, openSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

/** Of what a failed file said, this much is told. */
const TOLD = 4000;
let running;

function signal(name) {
  try {
    process.kill(-running.pid, name); // with all that it started
  } catch {
    // it has ended
  }
}

/** Ends what runs now, then calls back. */
function stopRunning(then) {
  if (running === undefined) return then();
  running.once('exit', then);
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), 10_000);
}

/** @returns {Promise<boolean>} whether it ended by itself and well, within the time */
function ended(child, minutes) {
  return new Promise((resolve) => {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      stopRunning(() => undefined);
    }, minutes * 60_000);
    child.once('exit', (code) => {
      clearTimeout(late);
      running = undefined;
      resolve(code === 0 && !isLate);
    });
  });
}

function jsonOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function rowsOf(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** @returns what report.cjs tells of a file: its tests, its rows of the table of faults, and whether all is well */
async function runFile(file, { root, folder, env, minutes }) {
  const [table, results, log] = ['table.jsonl', 'results.json', 'said.log'].map((name) => join(folder, name));
  for (const old of [table, results, log]) rmSync(old, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [
    '--config',
    'jest.faults.config.cjs',
    '--json',
    '--outputFile',
    results,
    '--forceExit',
    '--maxWorkers=1',
  ];
  const began = Date.now();
  const out = openSync(log, 'w');
  running = spawn(process.execPath, [jest, ...args, '--runTestsByPath', file], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', out],
    env: { ...env, FAULT_TABLE: table },
  });
  const isGood = await ended(running, minutes);
  closeSync(out);
  const tests = (jsonOf(results)?.testResults ?? []).flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      status,
      ...(status === 'failed' ? { why: firstLines(failureMessages.join('\n'), root) } : {}),
    })),
  );
  const seconds = Math.round((Date.now() - began) / 1000);
  const said = readFileSync(log, 'utf8').slice(-TOLD);
  return { file, seconds, isGood, tests, rows: rowsOf(table), ...(isGood ? {} : { said: firstLines(said, root, 60) }) };
}

/** Without colours and without where this checkout lies. */
function firstLines(text, root, count = 12) {
  const plain = stripVTControlCharacters(text).replaceAll(root, '.');
  return plain.split('\n').slice(0, count).join('\n');
}

module.exports = { runFile, stopRunning };
