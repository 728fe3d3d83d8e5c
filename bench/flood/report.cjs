// One page that needs nothing else: verdicts, and the times of the cheap routes with and without the flood.
const { bars, page, table } = require('../page.cjs');

function html({ facts, seconds, rounds, cost, instances, flood, connections, judged, loadAfter }) {
  const { idle, during } = flood;
  const rows = (what) =>
    Object.keys(idle).flatMap((route) => [
      { label: `${route}, alone`, value: idle[route][what], colour: '#98a2b3' },
      { label: `${route}, during the flood`, value: during[route][what], colour: '#0b6b6b' },
    ]);
  const words = `bcrypt cost ${cost}, ${instances === undefined ? 'one instance' : `${instances} instances of a cluster`}; ${flood.offered.toFixed(0)} logins a second, ${rounds} times for ${seconds} s, where ${flood.capacity.toFixed(1)} can be hashed. Generator, API and PostgreSQL share the machine.`;
  return page('A flood of logins', { facts, loadAfter, words }, [
    table(
      judged.map(({ id, what, value, target, verdict }) => ({
        target: id,
        what,
        measured: value,
        goal: target,
        verdict,
      })),
    ),
    '<h2>The cheap routes</h2>',
    bars('p50, ms', rows('p50')),
    bars('p99, ms', rows('p99')),
    '<h2>Connections</h2>',
    table(['verify', 'refresh'].map((route) => ({ route, '256 of 32': connections[route] }))),
  ]);
}

module.exports = { html };
