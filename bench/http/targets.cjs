// The targets of performance.md that one run can judge. P1 to P3 are told beside both: the least server there is, and the least that leaves
// the same rows behind (ADR 97). A result counts only where the control, the minimal server a second time, is
// within a tenth of the first: on a machine that is not quiet no ratio of requests per second is to be trusted, CPU mostly is.
const CONTROL = { low: 0.9, high: 1.1 };

/** @param {{server: string, route: string}[]} figures as figuresOf gives them */
function judge(figures, coldStart) {
  const of = (server, route) => figures.find((one) => one.server === server && one.route === route);
  const controlled = (route, what) => {
    const control = of('control', route);
    return control !== undefined && control[what] >= CONTROL.low && control[what] <= CONTROL.high;
  };
  const beside = (id, route, most, least) =>
    [
      ['the minimal server', 'cpuRatio', 'rate'],
      ['our statements, bare', 'bareRatio', 'bareRate'],
    ].flatMap(([whom, cpu, rate]) => [
      line(
        id,
        `${route}: CPU per request beside ${whom}`,
        of('latchkey', route)?.[cpu],
        `<= ${most}`,
        (value) => value <= most,
        controlled(route, 'cpuRatio'),
      ),
      line(
        id,
        `${route}: requests/s beside ${whom}`,
        of('latchkey', route)?.[rate],
        `>= ${least}`,
        (value) => value >= least,
        controlled(route, 'rate'),
      ),
    ]);
  const share = (route, peer) => of('latchkey', route)?.cpu / of(peer, route)?.cpu;
  const judged = [
    ...beside('P1', 'verify', 1.25, 0.8),
    ...beside('P2', 'refresh', 1.35, 0.85),
    ...beside('P3', 'me', 1.15, 0.9),
    line(
      'P4',
      'login: CPU of one bcrypt',
      share('login', 'hashing'),
      '<= 1.05',
      (value) => value <= 1.05,
      controlled('login', 'cpuRatio'),
    ),
    line(
      'P4',
      'login: per second, of bcrypt alone',
      of('latchkey', 'login')?.perSecond / of('hashing', 'login')?.perSecond,
      '>= 0.92',
      (value) => value >= 0.92,
      controlled('login', 'rate'),
    ),
    line(
      'P7',
      'verify: CPU of Better Auth',
      share('verify', 'better_auth'),
      '<= 0.125',
      (value) => value <= 0.125,
      true,
    ),
    line(
      'P7',
      'verify: CPU of usual Nest and TypeORM',
      share('verify', 'usual'),
      '<= 0.125',
      (value) => value <= 0.125,
      true,
    ),
    line(
      'P7',
      'refresh: CPU of the session read of Better Auth',
      share('refresh', 'better_auth'),
      '<= 0.167',
      (value) => value <= 1 / 6,
      true,
    ),
    line(
      'P7',
      'login: per second, of Better Auth',
      of('latchkey', 'login')?.perSecond / of('better_auth', 'login')?.perSecond,
      '>= 1.0',
      (value) => value >= 1,
      true,
    ),
  ];
  if (coldStart !== undefined) {
    judged.push(
      line(
        'P13',
        'cold start to the first 2xx, of bare Nest on Fastify',
        coldStart.ratio,
        '<= 1.3',
        (value) => value <= 1.3,
        true,
      ),
    );
    judged.push(
      line(
        'P13',
        'memory after it, of bare Nest on Fastify',
        coldStart.memoryRatio,
        '<= 1.2',
        (value) => value <= 1.2,
        true,
      ),
    );
  }
  return judged.filter(({ value }) => Number.isFinite(value));
}

function line(id, what, value, target, meets, counts) {
  return { id, what, value, target, verdict: meets(value) ? 'met' : 'missed', counts };
}

module.exports = { judge };
