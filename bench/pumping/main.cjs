// npm run bench:pumping: scripted attackers and honest people against the spend guard of a real running system, on a clock of ours.
// Prints what was lost before it closed and who was refused, writes a page with plots, and ends with 1 when a target is missed.
// Options: --out <file> (default bench/results/pumping.html), --markdown <file>, --only <part of a scenario's name>.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { run, running, say } = require('../run.cjs');
const { chance, Numbers } = require('./numbers.cjs');
const { html, markdown } = require('./report.cjs');
const { countryOfSomebody, scenarios } = require('./scenarios.cjs');
const { System } = require('./system.cjs');
const { HOUR, PASSWORD, World } = require('./world.cjs');

/** The targets of the issue. */
const MOST_LOST_PER_COUNTRY = 60;
const MOST_REFUSED_SHARE = 0.01;
const USERS = 100;
/** No attack begins later than this: on two quiet cores all of them take four minutes. */
const SECONDS = 540;
const DAY = 24 * HOUR;

/** Rewrites one line on a terminal; elsewhere tells every tenth. */
function progressOf(name) {
  let told = -1;
  return (done, all) => {
    const tenths = Math.floor((done / all) * 10);
    if (tenths === told) return;
    told = tenths;
    if (process.stderr.isTTY) process.stderr.write(`\r  ${name}: ${tenths * 10} %  `);
    else if (tenths % 5 === 0) say(`  ${name}: ${tenths * 10} %`);
  };
}

/** People who have had an account for days. */
async function settle(system, numbers, random, start) {
  const users = Array.from({ length: USERS }, () => {
    const country = countryOfSomebody(random);
    return { country, phone: numbers.next(country), address: numbers.address() };
  });
  const world = new World(system, numbers, random, start);
  users.forEach(({ phone, address, country }, n) => {
    world.at((n / USERS) * 12, async (at) => {
      const { status, body } = await system.post('/v1/auth/register', { phone, password: PASSWORD }, address);
      if (status !== 202) throw new Error(`a user could not be made: ${status} ${body.code}`);
      world.after(at, 10, (later) => world.enter(later, phone, body.challengeToken, address, country));
    });
  });
  await world.run(progressOf('people of old'));
  return users;
}

// Where most newcomers are there is no closing without refusing some: told, and no part of the share.
function judge(results) {
  const lost = Math.max(...results.flatMap(({ attacks }) => attacks.map(({ lostUntilClosed }) => lostUntilClosed)));
  const within = results.filter(({ beyondTargets }) => !beyondTargets);
  const people = within.reduce((sum, result) => sum + result.people, 0);
  const refused = within.reduce((sum, result) => sum + result.refused.length, 0);
  const logins = results.reduce((sum, result) => sum + result.loginsRefused, 0);
  const met = lost <= MOST_LOST_PER_COUNTRY && refused <= people * MOST_REFUSED_SHARE && logins === 0;
  return { lost, people, refused, logins, met };
}

async function main() {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, markdown: { type: 'string' }, only: { type: 'string', default: '' } },
  });
  const out = values.out ?? join(__dirname, '..', 'results', 'pumping.html');
  const chosen = scenarios.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) {
    say(`no scenario is named so: ${values.only}; there are: ${scenarios.map(({ name }) => name).join('; ')}`);
    return 2;
  }
  const began = Date.now();
  say('starting PostgreSQL, the simulator and the API');
  const system = await System.start();
  running.push(system);
  const random = chance(20_261_121);
  const numbers = new Numbers(random);
  // From a midnight, so that windows of spend begin where the scenarios do.
  let start = Math.ceil(Date.now() / DAY) * DAY + DAY;
  const users = await settle(system, numbers, random, start);
  const results = [];
  for (const { name, text, beyondTargets = false, plan } of chosen) {
    if (Date.now() - began > SECONDS * 1000) {
      say(`  left out for want of time: ${name}`);
      continue;
    }
    start += 3 * DAY;
    const world = new World(system, numbers, random, start);
    plan(world, users);
    await world.run(progressOf(name));
    const result = { name, text, beyondTargets, ...world.result() };
    results.push(result);
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const { country, lostUntilClosed, lost, moneyUntilClosed } of result.attacks)
      say(
        `    ${country}: ${lostUntilClosed} messages ($${moneyUntilClosed.toFixed(2)}) before it closed, ${lost} in all`,
      );
    say(`    honest people refused: ${result.refused.length} of ${result.people}, logins ${result.loginsRefused}`);
    for (const { who, country, why } of result.refused) say(`      ${who} ${country}: ${why}`);
  }
  const verdict = judge(results);
  const seconds = Math.round((Date.now() - began) / 1000);
  const facts = `Scripted attackers and honest people against a running system on embedded PostgreSQL, with the limits of production and a simulated clock. Seed fixed.`;
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, html(results, facts));
  if (values.markdown !== undefined) writeFileSync(values.markdown, `${markdown(results)}\n`);
  say(`the most lost per attacked country before it closed: ${verdict.lost} (at most ${MOST_LOST_PER_COUNTRY})`);
  say(
    `honest people refused: ${verdict.refused} of ${verdict.people} (under 1 %), users of old: ${verdict.logins} (none)`,
  );
  say(`${verdict.met ? 'all targets met' : 'A TARGET IS MISSED'} in ${seconds} s; ${out}`);
  process.stdout.write(`${JSON.stringify({ ...verdict, seconds, report: out })}\n`);
  return verdict.met ? 0 : 1;
}

run(main);
