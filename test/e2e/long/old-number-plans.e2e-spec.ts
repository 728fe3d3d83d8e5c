// An account may have a number that is none by today's plan of its country: plans change, and the library's data with them. Such an account can still
// be named, by its owner and by an operator; nobody can take such a number anew (A58).
import { askReset, kind } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { newAccount, Operator, USERS } from '../../support/operator';
import { Person, phoneNumbers } from '../../support/person';

/** Eight digits, as Benin had them until 2024. */
const OLD = '+22997123456';
let system: System;
let id: string;
let person: Person;

beforeAll(async () => {
  system = await startSystem();
  const made = await newAccount(system, phoneNumbers()());
  id = made.id;
  await made.person.alter(`phone = '${OLD}'`);
  person = new Person(system, OLD);
});
afterAll(() => system.stop());

it('its owner signs in by it, however it is spelled', async () => {
  expect((await person.login()).status).toBe(200);
  expect(kind(await new Person(system, OLD, 'not-the-password-41').login())).toBe('401 credentials_invalid');
  system.clock.advance(600);
  expect((await new Person(system, '+229 97-12-34-56').login()).status).toBe(200);
});

it('a reset by it is answered like one by any other number', async () => {
  system.clock.advance(600);
  const [own, nobody] = [await askReset(system.api, OLD), await askReset(system.api, '+22997123457')];
  expect([own.status, nobody.status]).toEqual([202, 202]);
  expect(Object.keys(nobody.body)).toEqual(Object.keys(own.body));
  const sql = 'SELECT decoy FROM otp_attempts WHERE phone = $1 AND purpose = $2';
  expect((await system.database.query(sql, [OLD, 'reset'])).rows).toEqual([{ decoy: false }]);
});

it('an operator finds it', async () => {
  const { body } = await new Operator(system).ask('GET', `${USERS}?phone=${encodeURIComponent('+229 97 12 34 56')}`);
  expect(body.items.map((account) => account.id)).toEqual([id]);
});

it('nobody registers such a number', async () => {
  expect(kind(await new Person(system, '+22997123458').register())).toBe('422 phone_not_supported');
});
