// F40: the time is the same wherever the process, the database and the session believe they are, and on the night when clocks change: a
// code lives 300 s and no second more (A08). Leap seconds are smeared by whoever gives the time; nothing here counts on 61.
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';

const LIFE_SECONDS = 300;
const HOUR = 3600;
const nextPhone = phoneNumbers();
let system: System;

/** The database's own zone has a summer time of half an hour; one instance is in a zone of half hours, one where clocks change. */
const ZONES = ['Asia/Kolkata', 'America/New_York'] as const;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { TZ: ZONES[0], JWT_ISSUER: 'https://id.example' } });
  const { rows } = await system.database.query<{ name: string }>('SELECT current_database() AS name');
  await system.database.query(`ALTER DATABASE ${rows[0]?.name} SET timezone = 'Australia/Lord_Howe'`);
  await system.restart(0);
  await system.restart(1, { TZ: ZONES[1] });
});
afterAll(() => system.stop());

/** A challenge of one instance, at the other: good in its last seconds, refused after them. */
async function lives(issuedAt: number): Promise<void> {
  const [mine, other] = [system.apis[issuedAt], system.apis[1 - issuedAt]];
  for (const [seconds, wanted] of [
    [LIFE_SECONDS - 10, 200],
    [LIFE_SECONDS + 1, 401],
  ] as const) {
    const person = new Person(system, nextPhone(), undefined, mine);
    const began = system.clock.now().getTime();
    const { token, code } = await person.challenged('register');
    const { expiresAt } = await person.status(token);
    expect(expiresAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const life = (Date.parse(expiresAt) - began) / 1000;
    expect([life >= LIFE_SECONDS, life < LIFE_SECONDS + 60]).toEqual([true, true]);
    const elapsed = (system.clock.now().getTime() - (Date.parse(expiresAt) - LIFE_SECONDS * 1000)) / 1000;
    system.clock.advance(seconds - elapsed);
    const { status } = await new Person(system, person.phone, undefined, other).verify(token, code);
    expect([issuedAt, seconds, status]).toEqual([issuedAt, seconds, wanted]);
  }
}

/** Seconds from now to the next hour at which the zone's distance from UTC changes. */
function untilChange(zone: string): number {
  const hourIn = (at: number) =>
    Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(at));
  const now = system.clock.now().getTime();
  const first = Math.ceil(now / 1000 / HOUR) * HOUR * 1000;
  for (let at = first; ; at += HOUR * 1000) {
    if ((hourIn(at - HOUR * 1000) + 1) % 24 !== hourIn(at)) return (at - now) / 1000;
  }
}

it.each([0, 1])('F40, A08: a code that instance %i gave lives 300 s at the other', lives);

it.each(['one', 'the next'])('F40, A08: on the night of %s change of the clocks it lives as long', async () => {
  system.clock.advance(untilChange(ZONES[1]) - LIFE_SECONDS / 2);
  await lives(0);
  system.clock.advance(untilChange(ZONES[1]) - LIFE_SECONDS / 2);
  await lives(1);
});

it('F40: no column of ours has a time without its zone', async () => {
  const { rows } = await system.database.query(
    `SELECT table_schema, table_name, column_name FROM information_schema.columns
      WHERE table_schema IN ('public', 'graphile_worker') AND data_type IN ('timestamp without time zone', 'time without time zone', 'date')`,
  );
  expect(rows).toEqual([]);
});
