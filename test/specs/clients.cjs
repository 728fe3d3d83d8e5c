// Drives every operation of our clients, right and wrong, through the judge.
const to = '+12025550143';

async function driveClients({ build, vendors, judge, rows }) {
  const { providerDefinitions } = require(`${build}/sms/providers/index.js`);
  const { AxiosOutboundHttp } = require(`${build}/platform/http/axios-outbound-http.js`);
  const { SystemClock } = require(`${build}/platform/clock/system-clock.js`);
  const { loadConfig } = require(`${build}/config/load-config.js`);
  const http = new AxiosOutboundHttp();
  const create = (definition, changes = {}) => {
    const origin = { [definition.baseUrlKey]: judge.originOf(definition.name) };
    const variables = { NODE_ENV: 'development', ...vendors.credentials, ...origin, ...changes };
    const config = loadConfig([definition.config], variables).get(definition.config);
    return definition.create({ config, http, clock: new SystemClock() });
  };
  for (const definition of providerDefinitions) {
    const drive = definition.kind === 'sender' ? driveSender : driveService;
    const record = (operation, wanted, got) => {
      const verdict = judge.verdict();
      const result = wanted !== got ? `wanted ${wanted}, got ${got}` : (verdict ?? 'ok');
      const direction = 'client to dialect and back';
      const row = { vendor: definition.name, witness: judge.name, operation, direction, verdict: result };
      rows.push({ ...row, ok: result === 'ok' });
    };
    await drive(create(definition), record, vendors);
    const wrong = Object.keys(definition.developmentKeys).find((key) => key.endsWith('_KEY'));
    const stranger = create(definition, { [wrong]: 'wrong-key-00000000' });
    const answer = definition.kind === 'sender' ? await send(stranger, to) : await start(stranger, 'sms');
    record('bad credentials', 'bad_credentials', kindOf(answer));
  }
  http.onApplicationShutdown();
}

const kindOf = (answer) => (answer.ok ? 'ok' : answer.failure.kind);
const outcomeOf = (answer) => (answer.ok ? answer.value.outcome : answer.failure.kind);
let references = 0;
const reference = () => `0198c0de-0000-7000-8000-${String(++references).padStart(12, '0')}`;
const send = (client, number) =>
  client.send({
    to: number,
    text: 'Your code is 123456.\n\n@localhost #123456',
    reference: reference(),
    ttlSeconds: 300,
  });
const start = (client, channel, number = to) => client.start(requestTo(number, channel));
const requestTo = (number, channel) => ({ to: number, channel, locale: 'en-US', reference: reference() });

async function driveSender(client, record, vendors) {
  const before = vendors.phone.length;
  record('send', 'ok', kindOf(await send(client, to)));
  record('send arrives', '123456', vendors.phone.length === before + 1 ? vendors.phone[0].code : 'nothing');
  record('send to a number that is none', 'invalid_number', kindOf(await send(client, '+1')));
}

async function driveService(client, record, vendors) {
  for (const channel of client.channels) {
    const first = requestTo(to, channel);
    const started = await client.start(first);
    record(`start ${channel}`, 'ok', kindOf(started));
    if (!started.ok) continue;
    let id = started.value.providerVerificationId;
    const repeated = await client.start(first);
    record(`start ${channel} with the same reference`, 'ok', kindOf(repeated));
    if (repeated.ok) id = repeated.value.providerVerificationId;
    if (client.resend) {
      const resent = await client.resend({ providerVerificationId: id, ...requestTo(to, channel) });
      record(`resend ${channel}`, 'ok', kindOf(resent));
      id = resent.ok ? resent.value.providerVerificationId : id;
    }
    const { code } = vendors.phone[0];
    const check = (typed, of = id) => client.check({ providerVerificationId: of, code: typed, channel });
    record(`check ${channel} right`, 'approved', outcomeOf(await check(code)));
    const second = await start(client, channel);
    const wrong = vendors.phone[0].code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    record(`check ${channel} wrong`, 'wrong_code', outcomeOf(await check(wrong, second.value.providerVerificationId)));
    record(`check ${channel} unknown`, 'gone', outcomeOf(await check(code, '0123456789ABCDEF0123456789ABCDEF')));
  }
  record('start for a number that is none', 'invalid_number', kindOf(await start(client, 'sms', '+1')));
}

module.exports = { driveClients };
