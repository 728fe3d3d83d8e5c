// Test files of a suite in a process of their own. Invariant: whatever becomes of that process, the next can run, and each file is told
// apart: one that failed, or that came to no end, fails no other.
const { spawn } = require('node:child_process');
const { closeSync, existsSync, openSync, readFileSync, rmSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join, relative } = require('node:path');
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
  setTimeout(() => signal('SIGKILL'), 10_000).unref();
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

/**
 * @param names a pattern of the tests that belong to the suite
 * @returns what report.cjs tells of each file: its tests, its rows of the table of faults, and whether all is well
 */
async function runFiles(files, { root, folder, env, minutes, isTiming, names }) {
  const [table, results, log] = ['table.jsonl', 'results.json', 'said.log'].map((name) => join(folder, name));
  for (const old of [table, results, log]) rmSync(old, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const workers = files.length === 1 ? 1 : availableParallelism();
  const args = ['--config', 'jest.suite.config.cjs', '--json', '--outputFile', results, '--forceExit'];
  args.push(`--maxWorkers=${workers}`, `--testNamePattern=${names}`, ...(isTiming ? ['--testTimeout=600000'] : []));
  const began = Date.now();
  const out = openSync(log, 'w');
  running = spawn(process.execPath, [jest, ...args, '--runTestsByPath', ...files], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', out],
    env: { ...env, FAULT_TABLE: table },
  });
  const isGood = await ended(running, minutes);
  closeSync(out);
  const seconds = Math.round((Date.now() - began) / 1000);
  const all = jsonOf(results)?.testResults ?? [];
  const said = lines(readFileSync(log, 'utf8').slice(-TOLD), root, 60);
  const foundOf = (file) => all.find(({ name }) => relative(root, name).replaceAll('\\', '/') === file);
  // What ended badly with no file to blame is laid to all of them.
  const isKnown = isGood || all.some(({ status }) => status === 'failed');
  return files.map((file, at) => {
    const found = foundOf(file);
    const passed = isKnown && found !== undefined && found.status !== 'failed';
    return {
      file,
      seconds: files.length === 1 ? seconds : Math.round(((found?.endTime ?? 0) - (found?.startTime ?? 0)) / 1000),
      isGood: passed,
      tests: testsOf(found, names, root),
      rows: at === 0 ? rowsOf(table) : [],
      ...(passed ? {} : { said: found?.message ? lines(found.message, root, 60) : at === 0 ? said : 'as above' }),
    };
  });
}

/** Those that belong to the suite; `pending` are those that this machine could not run. */
function testsOf(found, names, root) {
  const pattern = new RegExp(names);
  return (found?.assertionResults ?? [])
    .filter(({ fullName }) => pattern.test(fullName))
    .map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      status,
      ...(status === 'failed' ? { why: lines(failureMessages.join('\n'), root, 12) } : {}),
    }));
}

/** The first, without colours and without where this checkout lies. */
function lines(text, root, count) {
  const plain = stripVTControlCharacters(text).replaceAll(root, '.');
  return plain.split('\n').slice(0, count).join('\n');
}

module.exports = { runFiles, stopRunning };
