// Drives every operation of our clients, right and wrong, through the judge.
const { oneAtATime } = require('./vendors/index.cjs');

const to = '+12025550143';
/** Long enough for every specification, and no number all the same. */
const noNumber = '+00000000';

/** @param judges the first that covers a definition judges it: the vendor's specification where there is one */
async function driveClients({ build, vendors, judges, rows }) {
  const { providerDefinitions } = require(`${build}/sms/providers/index.js`);
  const { AxiosOutboundHttp } = require(`${build}/platform/http/axios-outbound-http.js`);
  const { SystemClock } = require(`${build}/platform/clock/system-clock.js`);
  const { NodeRandom } = require(`${build}/platform/random/node-random.js`);
  const { loadConfig } = require(`${build}/config/load-config.js`);
  const http = new AxiosOutboundHttp();
  const create = (definition, judge, changes = {}) => {
    const origin = { [definition.baseUrlKey]: judge.originOf(definition.name) + (definition.developmentPath ?? '') };
    const own = Object.keys(definition.developmentKeys).map((key) => [key, vendors.credentials[key]]);
    const variables = { NODE_ENV: 'development', ...Object.fromEntries(own), ...origin, ...changes };
    const config = loadConfig([definition.config], variables).get(definition.config);
    const webhookUrl = `https://auth.example.com/webhooks/sms/${definition.name}`;
    return definition.create({ webhookUrl, config, http, clock: new SystemClock(), random: new NodeRandom() });
  };
  for (const definition of providerDefinitions) {
    const judge = judges.find(({ covers }) => covers(definition.name));
    vendors.exchanges.splice(0);
    const record = (operation, wanted, got) => {
      const verdict = judge.verdict(definition.name);
      const result = wanted !== got ? `wanted ${wanted}, got ${got}` : (verdict ?? 'ok');
      const direction = 'client to dialect and back';
      const row = { vendor: definition.name, witness: judge.name, operation, direction, verdict: result };
      rows.push({ ...row, ok: result === 'ok' });
    };
    await drives[definition.kind](create(definition, judge), record, vendors);
    const strangersKeys = {};
    for (const [key, generate] of Object.entries(definition.developmentKeys))
      strangersKeys[key] = generate(strangersKeys);
    const answer = await handOver(create(definition, judge, strangersKeys), to);
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

const sendCode = (client, number, channel = 'sms') =>
  client.sendCode({ ...requestTo(number, channel), code: '012345', ttlSeconds: 300 });
const handOver = (client, number) => {
  if (client.kind === 'sender') return send(client, number);
  return client.kind === 'code-sender' ? sendCode(client, number) : start(client, 'sms', number);
};

async function driveCodeSender(client, record, vendors) {
  for (const channel of client.channels) {
    record(`send code by ${channel}`, 'ok', kindOf(await sendCode(client, to, channel)));
    record(`code arrives by ${channel}`, `012345 ${channel}`, `${vendors.phone[0].code} ${vendors.phone[0].channel}`);
  }
  record('send code to a number that is none', 'invalid_number', kindOf(await sendCode(client, noNumber)));
}

async function driveSender(client, record, vendors) {
  const before = vendors.phone.length;
  record('send', 'ok', kindOf(await send(client, to)));
  record('send arrives', '123456', vendors.phone.length === before + 1 ? vendors.phone[0].code : 'nothing');
  record('send to a number that is none', 'invalid_number', kindOf(await send(client, noNumber)));
}

/** An id of the vendor's own form that it never gave. */
const unknownLike = (id) => id.replace(/[0-9a-f]{12}$/i, '0'.repeat(12));

async function driveService(client, record, vendors) {
  for (const [index, channel] of client.channels.entries()) {
    const number = to.replace(/3$/, String(4 + index));
    const first = requestTo(number, channel);
    const started = await client.start(first);
    record(`start ${channel}`, 'ok', kindOf(started));
    if (!started.ok) continue;
    let id = started.value.providerVerificationId;
    const repeated = await client.start(first);
    const allowed = oneAtATime.includes(client.provider) ? 'throttled' : 'ok';
    record(`start ${channel} with the same reference`, allowed, kindOf(repeated));
    if (repeated.ok) id = repeated.value.providerVerificationId;
    if (client.resend) {
      const resent = await client.resend({ providerVerificationId: id, ...requestTo(number, channel) });
      record(`resend ${channel}`, 'ok', kindOf(resent));
      id = resent.ok ? resent.value.providerVerificationId : id;
    }
    const { code } = vendors.phone[0];
    const check = (typed, of = id) => client.check({ providerVerificationId: of, code: typed, channel });
    record(`check ${channel} right`, 'approved', outcomeOf(await check(code)));
    const second = await start(client, channel, number);
    const wrong = vendors.phone[0].code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    record(`check ${channel} wrong`, 'wrong_code', outcomeOf(await check(wrong, second.value.providerVerificationId)));
    record(`check ${channel} unknown`, 'gone', outcomeOf(await check(code, unknownLike(id))));
  }
  record('start for a number that is none', 'invalid_number', kindOf(await start(client, 'sms', noNumber)));
}

const drives = { sender: driveSender, 'code-sender': driveCodeSender, service: driveService };

module.exports = { driveClients };
