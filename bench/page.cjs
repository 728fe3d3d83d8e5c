// What pages of figures are made of: bars, tables, and a page around them that needs nothing else and says on which machine.
const WIDTH = 720;
const BAR = 18;
const LABEL = 260;
const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const round = (value) =>
  typeof value !== 'number'
    ? value
    : !Number.isFinite(value)
      ? ''
      : value >= 100
        ? value.toFixed(0)
        : value >= 10
          ? value.toFixed(1)
          : value.toFixed(2);

/** @param {{label: string, value: number, colour: string}[]} rows */
function bars(title, rows) {
  const most = Math.max(...rows.map(({ value }) => value));
  const lines = rows.map(({ label, value, colour }, n) => {
    const y = 20 + n * (BAR + 6);
    const width = Math.max(1, (value / most) * (WIDTH - LABEL - 90));
    return `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escape(label)}</text><rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}"/><text x="${LABEL + width + 6}" y="${y + 13}">${round(value)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * (BAR + 6) + 24}" role="img" aria-label="${escape(title)}"><text x="0" y="12" class="title">${escape(title)}</text>${lines.join('')}</svg>`;
}

function table(rows) {
  if (rows.length === 0) return '<p>none</p>';
  const keys = Object.keys(rows[0]);
  const cells = (row) => keys.map((key) => `<td>${escape(round(row[key]))}</td>`).join('');
  return `<table><thead><tr>${keys.map((key) => `<th>${escape(key)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr class="${row.verdict ?? ''}">${cells(row)}</tr>`).join('')}</tbody></table>`;
}

/** @param {{facts: object, loadAfter: string[], words: string}} about @param {string[]} parts HTML */
function page(title, { facts, loadAfter, words }, parts) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%;font-size:13px;margin:.6rem 0}
th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid #8884}th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto;margin:.4rem 0}svg text{font-size:12px;fill:currentColor}svg .title{font-weight:600}tr.missed td{color:#b42318}
</style></head><body><h1>${escape(title)}</h1>
<p>${escape(facts.cores)} cores (${escape(facts.model)}), ${escape(facts.memoryGiB)} GiB, ${escape(facts.system)}, Node ${escape(facts.node)}, PostgreSQL ${escape(facts.postgres)} with fsync and synchronous_commit on; load average ${escape(facts.loadBefore.join(' '))} before, ${escape(loadAfter.join(' '))} after.
${escape(words)}</p>
${parts.join('\n')}
</body></html>
`;
}

module.exports = { bars, page, round, table };
