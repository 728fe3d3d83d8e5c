// What runs of the fault suite found, as Markdown: two tables for each seed, and what failed. Input are the runs that run.cjs keeps.

const pad = (cells, widths) => `| ${cells.map((cell, at) => String(cell).padEnd(widths[at])).join(' | ')} |\n`;

function table(head, rows) {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => String(row[at]).length)));
  const line = widths.map((width) => '-'.repeat(width));
  return [head, line, ...rows].map((row) => pad(row, widths)).join('');
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
  const total = (name) => rows.reduce((sum, row) => sum + row[name], 0);
  const all = ['lost', 'phantom', 'double'].map((name) => `${name}=${total(name)}`).join(' ');
  return `${table(head, cells)}\nLedger: ${all}, over ${total('acknowledged')} acknowledged operations.\n`;
}

/** How each case stands. A file that did not come to its end has no tests to count, and is told apart. */
function caseTable(tests) {
  const byCase = new Map();
  for (const { name, status } of tests) {
    for (const [id] of name.matchAll(/\bF\d{2}\b/g)) {
      const of = byCase.get(id) ?? { passed: 0, failed: 0 };
      if (status in of) of[status] += 1;
      byCase.set(id, of);
    }
  }
  const met = [...byCase].filter(([, { passed, failed }]) => passed + failed > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return table(
    ['case', 'tests passed', 'failed'],
    met.map(([id, { passed, failed }]) => [id, passed, failed]),
  );
}

/** @param {object[]} files of a run */
function sum(files) {
  const count = (wanted) => files.flatMap(({ tests }) => tests).filter(({ status }) => status === wanted).length;
  return { passed: count('passed'), failed: count('failed') };
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

function section({ seed, size, node, files }) {
  const minutes = (files.reduce((total, { seconds }) => total + seconds, 0) / 60).toFixed(1);
  const { passed, failed } = sum(files);
  const head = `## Seed ${seed}\n\n${size[0].toUpperCase()}${size.slice(1)} size, ${files.length} files, ${passed} tests passed, ${failed} failed, ${minutes} minutes on Node ${node}.`;
  const rows = files.flatMap((file) => file.rows);
  const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, 8);
  const times = table(
    ['slowest files', 'seconds'],
    slowest.map(({ file, seconds }) => [file, seconds]),
  );
  const tests = files.flatMap((file) => file.tests);
  return [head, faultTable(rows), caseTable(tests), times, failures(files)].join('\n\n').replace(/\n{3,}/g, '\n\n');
}

/** The page. A run that was cut short shows as far as it came. */
function render(runs) {
  const intro = `# Fault suite: runs

What a run of every fault found, by seed. Written by \`npm run test:faults -- --full --seed 1,2,3 --report\`; what the columns mean is in faults.md.
`;
  return [intro, ...runs.filter(({ files }) => files.length > 0).map(section)].join('\n');
}

module.exports = { render, sum };
