// From the commit of a challenge to the vendor's request on the wire (P14), on a server that does nothing else. A trigger of ours has
// PostgreSQL announce the message in the moment of its commit; the simulator notes when the request came. One machine, one clock.
const { setTimeout: sleep } = require('node:timers/promises');
const { Client } = require('pg');
const { quantile } = require('../http/figures.cjs');

const COUNT = 200;
const PAUSE_MS = 100;
const TRIES = 500;

const ANNOUNCE = `
  CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('committed', NEW.key); RETURN NULL; END $$;
  CREATE TRIGGER announce AFTER INSERT ON job_outbox FOR EACH ROW EXECUTE FUNCTION announce();
  LISTEN committed`;

async function received(server) {
  const response = await fetch(`${server.simulator.ready.simulator}/requests?provider=telnyx`);
  return response.json();
}

/** @returns milliseconds between the two, one message at a time */
async function onTheWire(server) {
  const listener = new Client({ connectionString: server.url });
  await listener.connect();
  await listener.query(ANNOUNCE);
  const took = [];
  for (let turn = 0; turn < COUNT; turn += 1) {
    const before = (await received(server)).length;
    const announced = new Promise((resolve) => listener.once('notification', () => resolve(Date.now())));
    const { path, headers, body } = server.requests.resend();
    const response = await fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const committed = await announced;
    took.push((await nextOf(server, before)) - committed);
    await sleep(PAUSE_MS);
  }
  await listener.query('DROP TRIGGER announce ON job_outbox; DROP FUNCTION announce()');
  await listener.end();
  return { count: COUNT, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

async function nextOf(server, before) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const requests = await received(server);
    if (requests.length > before) return Date.parse(requests.at(-1).at);
    await sleep(10);
  }
  throw new Error('a message was not sent');
}

module.exports = { COUNT, onTheWire };
