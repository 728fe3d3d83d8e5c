// Judges the judges. Every exchange of our clients is played again as it was (accepted), with a wrong request that a lenient
// vendor would answer, and with a wrong answer: both have to be refused, each for its own side. A new operation needs an entry.
const { operations } = require('./vendors/index.cjs');
const { bodyOf, written } = require('./vendors/kit.cjs');

async function selfTest({ vendors, judge, recorded, rows }) {
  const accepted = recorded.filter(({ answer }) => answer.status < 300);
  const forgotten = accepted.filter((exchange) => !operations.some(({ of }) => of(exchange)));
  for (const { method, path } of forgotten) {
    const row = { vendor: '?', witness: judge.name, operation: `${method} ${path}`, direction: 'both' };
    rows.push({ ...row, verdict: 'NO SELF-TEST', ok: false });
  }
  const judged = operations.filter(({ vendor }) => judge.covers(vendor));
  for (const { vendor, operation, of, request, answer } of judged) {
    const row = { vendor, witness: judge.name, operation };
    const exchange = accepted.find(of);
    if (exchange === undefined) {
      rows.push({ ...row, direction: 'both', verdict: 'NO CLIENT DOES IT', ok: false });
      continue;
    }
    const as = (change) => complaint({ vendors, judge, vendor, exchange: { ...exchange, ...change } });
    const complaintAsItWas = await as({});
    const verdict = complaintAsItWas ?? 'accepted';
    rows.push({ ...row, direction: 'both, as they were', verdict, ok: complaintAsItWas === undefined });
    if (request) {
      const rawBody = written(exchange, request(bodyOf(exchange)));
      rows.push({ ...row, direction: 'wrong request', ...refused('request', await as({ rawBody })) });
    }
    const wrongAnswer = { ...exchange.answer, body: answer(exchange.answer.body) };
    rows.push({ ...row, direction: 'wrong answer', ...refused('answer', await as({ answer: wrongAnswer })) });
  }
}

function refused(side, said) {
  if (said === undefined) return { verdict: 'ACCEPTED', ok: false };
  return { verdict: `refused, ${said.slice(0, 120)}`, ok: said.startsWith(`${side}:`) };
}

const ofTheConnection = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

/** What the judge says of one exchange, with a vendor that answers as told whatever it is asked. */
async function complaint({ vendors, judge, vendor, exchange: { method, path, headers, rawBody, answer } }) {
  vendors.exchanges.splice(0);
  vendors.forged = answer;
  const response = await fetch(`${judge.originOf(vendor)}${path}`, {
    method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name))),
    ...(rawBody !== '' && { body: rawBody }),
  });
  const said = judge.complaintIn(await response.text());
  vendors.forged = undefined;
  return said;
}

module.exports = { selfTest };
