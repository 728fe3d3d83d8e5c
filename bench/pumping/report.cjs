// One page that needs nothing else: a table and a plot per attack, drawn as SVG.
const WIDTH = 640;
const HEIGHT = 220;
const MARGIN = 40;
const COLOURS = ['#b42318', '#c4671b', '#8a3ffc', '#0b6b6b', '#9a6700'];

const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const dollars = (amount) => `$${amount.toFixed(2)}`;
const clock = (hours) => (hours === null ? 'not' : `${Math.floor(hours)} h ${Math.round((hours % 1) * 60)} min`);

function plot({ attacks, refused }) {
  const hours = Math.max(12, ...attacks.flatMap(({ line }) => line.map(([at]) => at)));
  const most = Math.max(20, ...attacks.map(({ lost }) => lost)) * 1.15;
  const x = (at) => MARGIN + (at / hours) * (WIDTH - MARGIN - 10);
  const y = (messages) => HEIGHT - 30 - (messages / most) * (HEIGHT - 50);
  const path = (line) => {
    let last = y(0);
    const steps = line.map(([at, , lost]) => {
      const step = `L${x(at).toFixed(1)} ${last.toFixed(1)} L${x(at).toFixed(1)} ${y(lost).toFixed(1)}`;
      last = y(lost);
      return step;
    });
    return `M${x(0)} ${y(0)} ${steps.join(' ')} L${x(hours)} ${last.toFixed(1)}`;
  };
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const value = Math.round((most / 1.15) * part);
    return `<line x1="${MARGIN}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" class="grid"/><text x="${MARGIN - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`;
  });
  const axis = Array.from({ length: 7 }, (_, n) => (hours / 6) * n).map(
    (at) => `<text x="${x(at)}" y="${HEIGHT - 10}" text-anchor="middle">${at.toFixed(hours > 12 ? 0 : 1)} h</text>`,
  );
  const lines = attacks.map(
    ({ country, line }, n) =>
      `<path d="${path(line)}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="2"/><text x="${WIDTH - 12}" y="${y(line.at(-1)?.[2] ?? 0) - 5}" text-anchor="end" fill="${COLOURS[n % COLOURS.length]}">${country}</text>`,
  );
  const marks = refused.map(({ hours: at }) => `<circle cx="${x(at)}" cy="14" r="4" class="refused"/>`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="messages lost over time">${grid.join('')}${axis.join('')}${lines.join('')}${marks.join('')}</svg>`;
}

function section(result) {
  const rows = result.attacks.map(
    (attack) =>
      `<tr><td>${attack.country}</td><td>${attack.tries}</td><td>${attack.lostUntilClosed}</td><td>${dollars(attack.moneyUntilClosed)}</td><td>${clock(attack.closedAt)}</td><td>${attack.lost}</td><td>${dollars(attack.money)}</td></tr>`,
  );
  const share = ((result.refused.length / result.people) * 100).toFixed(2);
  return `<section><h2>${escape(result.name)}</h2><p>${escape(result.text)}</p>${plot(result)}
<table><thead><tr><th>country</th><th>tries</th><th>messages lost before it closed</th><th>money</th><th>first refusal after</th><th>lost in all</th><th>money</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<p>Honest: ${result.newcomers} newcomers, ${result.logins} logins; refused ${result.refused.length} (${share} %), of them logins ${result.loginsRefused}.</p></section>`;
}

function html(results, facts) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>SMS pumping against the spend guard</title>
<style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%;font-size:13px}
th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid #8884}th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto}svg text{font-size:11px;fill:currentColor}.grid{stroke:#8884}.refused{fill:#175cd3}
</style></head><body><h1>SMS pumping against the spend guard</h1>
<p>${escape(facts)} Lines: messages lost to attackers, by country. Blue dots: an honest person was refused.</p>
${results.map(section).join('\n')}
</body></html>
`;
}

/** For people who read Markdown, and for the repository. */
function markdown(results) {
  const rows = results.flatMap((result) =>
    result.attacks.map(
      (attack, n) =>
        `| ${n === 0 ? result.name : ''} | ${attack.country} | ${attack.tries} | ${attack.lostUntilClosed} | ${dollars(attack.moneyUntilClosed)} | ${clock(attack.closedAt)} | ${attack.lost} | ${n === 0 ? `${result.refused.length} of ${result.people} (logins: ${result.loginsRefused})` : ''} |`,
    ),
  );
  return [
    '| attack | country | tries | lost before it closed | money | first refusal after | lost in all | honest people refused |',
    '| --- | --- | --: | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

module.exports = { html, markdown };
