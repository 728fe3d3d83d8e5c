// What the operating system knows: CPU and memory of processes from /proc, and the machine a report was made on. Linux only.
const { readdirSync, readFileSync } = require('node:fs');
const os = require('node:os');

/**
 * By the scheduler's count of each thread, in nanoseconds. A tick of /proc/<pid>/stat is 10 ms, which is a fifth of what a short slice takes.
 * @returns {number} user and system time of all living threads of a process, in seconds; 0 when it is gone
 */
function cpuOf(pid) {
  return threadsOf(pid).reduce((sum, thread) => sum + nanosecondsOf(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1e9;
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function nanosecondsOf(schedstat) {
  try {
    return Number(readFileSync(schedstat, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}

/** @returns {number[]} direct children of a process */
function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').pop().split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** @returns {number} the most memory a process has ever had, in MiB; what it has now where the kernel does not say */
function peakMiBOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kib = '0'] = /^VmHWM:\s+(\d+)/m.exec(status) ?? /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
  return Math.round(Number(kib) / 1024);
}

const load = () => os.loadavg().map((average) => average.toFixed(1));

function describe(postgresVersion) {
  const [cpu] = os.cpus();
  return {
    cores: os.availableParallelism(),
    model: cpu?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    postgres: postgresVersion,
    loadBefore: load(),
  };
}

module.exports = { load, childrenOf, cpuOf, peakMiBOf, describe };
