// What was measured beside the targets of P5, P6, P12 and P14.

/** The cheap routes that are asked for all the while. */
const PROBES = ['verify', 'refresh', 'me'];

const line = (id, what, value, target, isMet) => ({ id, what, value, target, verdict: isMet ? 'met' : 'missed' });

function judge({ flood, connections, wire }) {
  const { goodputOfCapacity, refused, unanswered, wrong, idle, during, codes } = flood;
  const failed = PROBES.flatMap((route) => during[route].failed);
  const judged = [
    line('P5', 'logins without an answer', unanswered + wrong.length, '= 0', unanswered + wrong.length === 0),
    line('P5', 'cheap requests without an answer', failed.length, '= 0', failed.length === 0),
    line('P5', 'logins a second, of those without a flood', goodputOfCapacity, '>= 0.9', goodputOfCapacity >= 0.9),
    line('P5', 'a refusal, p99 ms', refused.p99, '<= 150', refused.p99 <= 150),
  ];
  for (const route of PROBES) {
    const [p50, p99] = [during[route].p50 / idle[route].p50, during[route].p99 / idle[route].p99];
    judged.push(line('P5', `${route}: p50 of idle`, p50, '<= 2', p50 <= 2));
    judged.push(
      line('P5', `${route}: p99 of idle (or within 100 ms)`, p99, '<= 4', p99 <= 4 || during[route].p99 <= 100),
    );
  }
  judged.push(
    line('P6', 'codes that were committed and not sent', codes.codes - codes.sent, '= 0', codes.codes === codes.sent),
  );
  judged.push(line('P6', 'from commit to the vendor, p99 ms', codes.p99, '<= 1000', codes.p99 <= 1000));
  judged.push(line('P14', 'from commit to the vendor, nothing else to do, p50 ms', wire.p50, '<= 10', wire.p50 <= 10));
  judged.push(line('P14', 'the same, p99 ms', wire.p99, '<= 50', wire.p99 <= 50));
  judged.push(
    line('P12', 'errors at 32 and 256 connections', connections.wrong.length, '= 0', connections.wrong.length === 0),
  );
  for (const route of ['verify', 'refresh'])
    judged.push(
      line(
        'P12',
        `${route}: rate at 256 connections, of that at 32`,
        connections[route],
        '>= 0.85',
        connections[route] >= 0.85,
      ),
    );
  return judged;
}

module.exports = { PROBES, judge };
