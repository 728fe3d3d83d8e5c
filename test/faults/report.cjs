// The two tables of a run of the fault suite, as Markdown.

const pad = (cells, widths) => `| ${cells.map((cell, at) => String(cell).padEnd(widths[at])).join(' | ')} |\n`;

function table(head, rows) {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => String(row[at]).length)));
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
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const all = ['lost', 'phantom', 'double'].map((name) => `${name}=${sum(name)}`).join(' ');
  return `${table(head, cells)}\nLedger: ${all}, over ${sum('acknowledged')} acknowledged operations.\n`;
}

/** @param {object[]} results testResults of jest's JSON */
function caseTable(results) {
  const byCase = new Map();
  for (const { assertionResults } of results) {
    for (const { fullName, status } of assertionResults) {
      for (const [id] of fullName.matchAll(/\bF\d{2}\b/g)) {
        const of = byCase.get(id) ?? { passed: 0, failed: 0, pending: 0 };
        of[status] = (of[status] ?? 0) + 1;
        byCase.set(id, of);
      }
    }
  }
  const rows = [...byCase].sort(([a], [b]) => (a < b ? -1 : 1));
  return table(
    ['case', 'tests passed', 'failed', 'left out'],
    rows.map(([id, { passed, failed, pending }]) => [id, passed, failed, pending]),
  );
}

module.exports = { caseTable, faultTable };
