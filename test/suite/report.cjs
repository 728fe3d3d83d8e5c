// What runs of a suite found, as Markdown: the runs, how each listed case stands, and for each seed what its faults cost, what was passed
// over and what failed. Input are the runs that run.cjs keeps; one that was cut short shows as far as it came.

const pad = (cells, widths) => `| ${cells.map((cell, at) => String(cell).padEnd(widths[at])).join(' | ')} |\n`;

function table(head, rows) {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => String(row[at]).length)));
  const line = widths.map((width) => '-'.repeat(width));
  return [head, line, ...rows].map((row) => pad(row, widths)).join('');
}

/** @param {object[]} files of a run */
function sum(files) {
  const count = (wanted) => files.flatMap(({ tests }) => tests).filter(({ status }) => status === wanted).length;
  return { passed: count('passed'), failed: count('failed') };
}

const unique = (list) => [...new Set(list)].join(', ');

function runTable(runs) {
  const head = ['seed', 'size', 'commit', 'date', 'Node', 'processors', 'files', 'tests passed', 'failed', 'minutes'];
  const rows = runs.map(({ seed, size, at, files }) => {
    const { passed, failed } = sum(files);
    const bad = files.filter(({ isGood, tests }) => !isGood && sum([{ tests }]).failed === 0).length;
    const of = (name) => unique(at.map((one) => one[name]));
    const minutes = (files.reduce((total, { seconds }) => total + seconds, 0) / 60).toFixed(0);
    const dates = at.length === 1 ? at[0].date : `${at[0].date} to ${at.at(-1).date}`;
    const said = [of('commit'), dates, of('node'), of('processors')];
    return [seed, size, ...said, files.length, passed, failed + bad, minutes];
  });
  return table(head, rows);
}

/** How a case stands in a run: how many tests passed, and what did not. */
function standing(id, ofCase, { files }) {
  const tests = files.flatMap((file) => file.tests).filter(({ name }) => new RegExp(`\\b${id}\\b`).test(name));
  const unended = files.filter(({ file, isGood, tests: of }) => !isGood && of.length === 0 && ofCase.includes(file));
  const failed = tests.filter(({ status }) => status === 'failed').length + unended.length;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  if (failed > 0) return `${passed}, ${failed} FAILED`;
  return passed === 0 ? 'not run' : String(passed);
}

function caseTable(cases, runs) {
  const head = ['case', ...runs.map(({ seed }) => `passed, seed ${seed}`)];
  return table(
    head,
    cases.map(([id, files]) => [id, ...runs.map((run) => standing(id, files, run))]),
  );
}

/** @param {object[]} rows as test/support/fault-table.ts writes them */
function faultTable(rows) {
  const head = ['fault', 'cases', 'acknowledged', 'errors seen', 'recovered after', 'lost', 'phantom', 'double'];
  const cells = rows.map((row) => [
    row.fault,
    row.cases,
    row.acknowledged,
    row.errors,
    `${row.recoveredMs} ms`,
    row.lost,
    row.phantom,
    row.double,
  ]);
  const total = (name) => rows.reduce((all, row) => all + row[name], 0);
  const all = ['lost', 'phantom', 'double'].map((name) => `${name}=${total(name)}`).join(' ');
  return `${table(head, cells)}\nLedger: ${all}, over ${total('acknowledged')} acknowledged operations.\n`;
}

function failures(files) {
  const bad = files.filter(({ isGood }) => !isGood);
  if (bad.length === 0) return 'Nothing failed.\n';
  return bad
    .map(({ file, tests, said }) => {
      const failed = tests.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return `- \`${file}\` did not come to its end:\n\n${quoted(said ?? '')}\n`;
      return failed.map(({ name, why }) => `- \`${file}\`: ${name}\n\n${quoted(why)}\n`).join('\n');
    })
    .join('\n');
}

const quoted = (text) => `  \`\`\`\n${text.replace(/^/gm, '  ')}\n  \`\`\``;

/** Tests of the suite that this machine lacks something for. */
function passedOver(files) {
  const names = files.flatMap(({ tests }) =>
    tests.filter(({ status }) => status === 'pending').map(({ name }) => name),
  );
  return names.length === 0 ? '' : `Passed over, as this machine lacks what they need:\n\n- ${names.join('\n- ')}\n`;
}

function section({ seed, files, withoutTiming }) {
  const rows = files.flatMap((file) => file.rows ?? []);
  const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, 8);
  const times = table(
    ['slowest files', 'seconds'],
    slowest.map(({ file, seconds }) => [file, seconds]),
  );
  const untimed = withoutTiming
    ? 'Without the measurements of time (test/threats/timing): they need a quiet machine.\n'
    : '';
  const parts = [rows.length === 0 ? '' : faultTable(rows), times, untimed, passedOver(files), failures(files)];
  return [`## Seed ${seed}\n`, ...parts.filter((text) => text !== '')].join('\n');
}

/** The page. @param cases the ids of the suite, each with its files */
function render(name, { title }, cases, runs) {
  const begun = runs.filter(({ files }) => files.length > 0);
  const size = runs.some((run) => run.size === 'full') ? ' --full' : '';
  const timing = runs.some((run) => run.withoutTiming) ? ' --without-timing' : '';
  const command = `npm run test:${name} --${size} --seed ${runs.map(({ seed }) => seed).join()}${timing} --report`;
  const intro = `# ${title}: runs

Every test with an id of a case in its name, by seed. Written by \`${command}\`, which repeats it; what is behind it is in [faults](faults.md).
`;
  const isGreen = begun.every(({ files }) => files.every(({ isGood }) => isGood));
  const all = `${cases.length} cases are listed; ${isGreen ? 'nothing failed' : 'NOT everything passed'}. The numbers count tests that passed.\n`;
  return [intro, runTable(begun), '## Cases\n', all, caseTable(cases, begun), ...begun.map(section)].join('\n');
}

module.exports = { render, sum };
