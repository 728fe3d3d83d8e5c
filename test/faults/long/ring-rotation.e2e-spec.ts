// F29, the ring: SECRET_KEYS is rotated by the steps of the README, one instance after the other, under clients that refresh without
// pause and with codes on their way. Nobody is logged out, no code is refused, old passwords work.
import { randomBytes } from 'node:crypto';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { progress, RefreshChain, refreshAt } from '../../support/refresh-chain';

const STEPS = 3;
const nextPhone = phoneNumbers();
const key = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const [older, newer] = [key('k1'), key('k2')];
const off = ['LIMIT_UNAUTHENTICATED', 'LIMIT_REFRESH_FAMILY', 'LIMIT_SMS_DESTINATION'];
let system: System;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      ...Object.fromEntries(off.map((name) => [name, 'off'])),
      SECRET_KEYS: older,
      JWT_ISSUER: 'https://id.example',
    },
  });
});
afterAll(() => system.stop());

it('F29: adding a key and then putting it first, instance by instance, costs no session, no code and no password', async () => {
  const people = Array.from({ length: 3 }, () => new Person(system, nextPhone()));
  const waiting = new Person(system, nextPhone());
  await waiting.joined();
  const chains = (await Promise.all(people.map((person) => person.joined()))).map(
    (tokens) => new RefreshChain(system, tokens),
  );
  for (const ring of [`${older},${newer}`, `${newer},${older}`]) {
    for (const instance of [0, 1]) {
      const { token, code } = await new Person(system, waiting.phone, waiting.password, system.apis[1]).challenged(
        'login',
      );
      await progress(chains, STEPS);
      await system.restart(instance, { SECRET_KEYS: ring });
      const after = new Person(system, waiting.phone, waiting.password, system.apis[instance]);
      expect((await after.verify(token, code)).status).toBe(200);
    }
  }
  await progress(chains, STEPS);
  const last = await Promise.all(chains.map((chain) => chain.stop()));
  expect(chains.flatMap(({ refusals }) => refusals)).toEqual([]);
  for (const token of last) {
    expect(token).toMatch(/^rf_k2_/);
    for (const api of system.apis) expect((await refreshAt(api, token)).status).toBe(200);
  }
  const theft = `SELECT FROM audit_log WHERE event = 'authn_token_reuse'`;
  expect((await system.database.query(theft)).rowCount).toBe(0);
});
