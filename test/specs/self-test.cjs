// Judges the judges. Every exchange of our clients is played again as it was (accepted), with a wrong request that a lenient
// vendor would answer, and with a wrong answer: both have to be refused, each for its own side. A new operation needs an entry.
const is = (method, path) => (exchange) => exchange.method === method && path.test(exchange.path);
const sinchRoot = String.raw`^/verification/v1/verifications`;
const sinch = (method, path, vendorMethod) => (exchange) =>
  is(method, new RegExp(sinchRoot + path))(exchange) &&
  (vendorMethod === undefined || JSON.parse(exchange.rawBody).method === vendorMethod);

const numberNotText = { to: 12025550143 };
const operations = [
  {
    vendor: 'telnyx',
    operation: 'send',
    of: is('POST', /^\/v2\/messages$/),
    request: (body) => ({ ...body, ...numberNotText }),
    answer: ({ data }) => ({ data: { ...data, to: [{ ...data.to[0], status: 'posted' }] } }),
  },
  ...['sms', 'callout'].flatMap((method) => [
    {
      vendor: 'sinch-verification',
      operation: `start ${method}`,
      of: sinch('POST', '$', method),
      request: (body) => ({ ...body, method: 'pigeon' }),
      answer: (body) => ({ ...body, id: 7, method: 'pigeon' }),
    },
    {
      vendor: 'sinch-verification',
      operation: `report ${method}`,
      of: sinch('PUT', '/id/[^/]+$', method),
      request: (body) => ({ ...body, [method]: { code: 1234 } }),
      answer: (body) => ({ ...body, status: 'PERHAPS' }),
    },
  ]),
  {
    vendor: 'sinch-verification',
    operation: 'status by reference',
    of: sinch('GET', '/reference/[^/]+$'),
    answer: (body) => ({ ...body, status: 'PERHAPS' }),
  },
  ...[
    ['start sms', /^\/2fa\/2\/pin(\?.*)?$/, numberNotText, { smsStatus: 7 }],
    ['start voice', /^\/2fa\/2\/pin\/voice$/, numberNotText, { callStatus: 7 }],
    ['resend sms', /^\/2fa\/2\/pin\/[^/]+\/resend$/, { placeholders: 'none' }, { smsStatus: 7 }],
    ['resend voice', /^\/2fa\/2\/pin\/[^/]+\/resend\/voice$/, { placeholders: 'none' }, { callStatus: 7 }],
    ['verify', /^\/2fa\/2\/pin\/[^/]+\/verify$/, { pin: 123456 }, { verified: 'perhaps' }],
  ].map(([operation, path, inRequest, inAnswer]) => ({
    vendor: 'infobip-2fa',
    operation,
    of: is('POST', path),
    request: (body) => ({ ...body, ...inRequest }),
    answer: (body) => ({ ...body, ...inAnswer }),
  })),
];

async function selfTest({ vendors, judge, recorded, rows }) {
  const accepted = recorded.filter(({ answer }) => answer.status < 300);
  const forgotten = accepted.filter((exchange) => !operations.some(({ of }) => of(exchange)));
  for (const { method, path } of forgotten) {
    const row = { vendor: '?', witness: judge.name, operation: `${method} ${path}`, direction: 'both' };
    rows.push({ ...row, verdict: 'NO SELF-TEST', ok: false });
  }
  for (const { vendor, operation, of, request, answer } of operations) {
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
      const rawBody = JSON.stringify(request(JSON.parse(exchange.rawBody)));
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

/** What the judge says of one exchange, with a vendor that answers as told whatever it is asked. */
async function complaint({ vendors, judge, vendor, exchange: { method, path, headers, rawBody, answer } }) {
  vendors.exchanges.splice(0);
  vendors.forged = answer;
  const kept = ['authorization', 'x-timestamp', 'content-type', 'accept'].filter((name) => headers[name] !== undefined);
  const response = await fetch(`${judge.originOf(vendor)}${path}`, {
    method,
    headers: Object.fromEntries(kept.map((name) => [name, headers[name]])),
    ...(rawBody !== '' && { body: rawBody }),
  });
  const said = judge.complaintIn(await response.text());
  vendors.forged = undefined;
  return said;
}

module.exports = { selfTest };
