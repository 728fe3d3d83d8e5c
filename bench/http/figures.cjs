// From slices to figures: medians, and ratios round by round: to the minimal server, and to the API's own statements behind raw node:http.
const BASE = 'minimal';
const BARE = 'bare';

function quantile(values, share) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
const median = (values) => quantile(values, 0.5);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const perSecond = ({ served, seconds }) => served / seconds;

/** CPU of one request in milliseconds, over all slices: a slice alone is a few dozen ticks of the clock. */
function cpuPerRequest(slices, part) {
  const cpu = sum(
    slices.map(({ cpu: { server, database } }) =>
      part === undefined ? server + database : { server, database }[part],
    ),
  );
  return (cpu / sum(slices.map(({ served }) => served))) * 1000;
}

/** Answers a second beside those of another server in the same round. */
function ratesTo(own, others) {
  return own.flatMap((one) => {
    const same = others.find(({ round }) => round === one.round);
    return same === undefined ? [] : [perSecond(one) / perSecond(same)];
  });
}

/** @param base the server that ratios are to @returns one row per server and route */
function figuresOf(slices, base = BASE) {
  const pairs = new Map(slices.map((one) => [`${one.server} ${one.route}`, one]));
  return [...pairs.values()].map(({ server, route }) => {
    const own = slices.filter((one) => one.server === server && one.route === route);
    const of = (name) => slices.filter((one) => one.server === name && one.route === route);
    const [basis, bare] = [of(base), of(BARE)];
    const took = own.flatMap((one) => one.took);
    const rates = ratesTo(own, basis);
    return {
      server,
      route,
      served: sum(own.map(({ served }) => served)),
      perSecond: median(own.map(perSecond)),
      best: Math.max(...own.map(perSecond)),
      p50: quantile(took, 0.5),
      p99: quantile(took, 0.99),
      cpuServer: cpuPerRequest(own, 'server'),
      cpuDatabase: cpuPerRequest(own, 'database'),
      cpu: cpuPerRequest(own),
      rate: median(rates),
      rateLow: quantile(rates, 0.25),
      rateHigh: quantile(rates, 0.75),
      cpuRatio: basis.length === 0 ? NaN : cpuPerRequest(own) / cpuPerRequest(basis),
      bareRate: median(ratesTo(own, bare)),
      bareRatio: bare.length === 0 ? NaN : cpuPerRequest(own) / cpuPerRequest(bare),
    };
  });
}

module.exports = { BASE, figuresOf, median, quantile };
