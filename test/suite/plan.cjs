// What belongs to a suite, and what of it runs together: the files whose tests have an id of its letter in their names. Units and what
// is quick share a process for each folder; what kills, floods or races has one to itself. Measurements of time come last.
const { dirname, relative } = require('node:path');
const { cases } = require('../../scripts/dump-cases.cjs');

const SUITES = {
  threats: { letter: 'A', title: 'Threat suite', names: '\\bA\\d{2,3}\\b' },
  faults: { letter: 'F', title: 'Fault suite', names: '\\bF\\d{2}\\b|N1 to N11' },
};
const ALONE = /^test\/(faults|races|threats|web)\/|\/full\//;
const TIMING = /^test\/threats\/timing\//;

/** @returns {[string, string[]][]} the ids of a suite, each with its files */
function casesOf(suite) {
  return cases()
    .filter(([id]) => id.startsWith(suite.letter))
    .map(([id, files]) => [id, [...files].map((file) => relative('.', file).replaceAll('\\', '/'))]);
}

/** @param only files and folders; all where there are none @throws Error naming what is in no suite */
function filesOf(suite, { only, withoutTiming }) {
  const all = [...new Set(casesOf(suite).flatMap(([, files]) => files))].sort();
  const strange = only.filter((one) => !all.some((file) => file.startsWith(one)));
  if (strange.length > 0) throw new Error(`no test of this suite lies in ${strange.join(', ')}`);
  const asked = only.length === 0 ? all : all.filter((file) => only.some((one) => file.startsWith(one)));
  return withoutTiming ? asked.filter((file) => !TIMING.test(file)) : asked;
}

/** @returns {{ files: string[], isTiming: boolean }[]} what runs one after the other, each in a process of its own */
function partsOf(files) {
  const parts = new Map();
  for (const file of files) {
    const key = file.startsWith('src/') ? 'src' : ALONE.test(file) ? file : dirname(file);
    parts.set(key, [...(parts.get(key) ?? []), file]);
  }
  const all = [...parts.values()].map((of) => ({ files: of, isTiming: of.some((file) => TIMING.test(file)) }));
  return [...all.filter(({ isTiming }) => !isTiming), ...all.filter(({ isTiming }) => isTiming)];
}

module.exports = { SUITES, casesOf, filesOf, partsOf };
