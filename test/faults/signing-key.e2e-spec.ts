// The signing key cannot be opened (damaged row, lost secret): whoever presents a right code or a refresh token gets 503 and keeps it, since
// nothing is consumed that no token can be given for.
import { kind, refreshAt } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { newcomer, Person, phoneNumbers } from '../support/person';
import { VerifyingApp } from '../support/verifying-app';

const nextPhone = phoneNumbers();
const damage = `UPDATE signing_keys SET private_sealed = set_byte(private_sealed, length(private_sealed) - 1, 255 - get_byte(private_sealed, length(private_sealed) - 1))`;

describe('a signing key that does not open', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  it.each(['login', 'register'] as const)(
    'a right code for %s is answered 503, neither counted nor used up, and is good once the key is repaired',
    async (purpose) => {
      const phone = nextPhone();
      if (purpose === 'login') await new Person(system, phone).joined();
      const { token, code } = await new Person(system, phone).challenged(purpose);
      const challenge = async () => {
        const sql = 'SELECT failed, consumed_at, revoked_at FROM otp_attempts WHERE phone = $1 AND purpose = $2';
        return (await system.database.query<object>(sql, [phone, purpose])).rows;
      };
      const before = await challenge();
      await system.database.query(damage);
      await system.restart(0); // the key in memory is gone
      const refused = await new Person(system, phone).verify(token, code);
      expect([refused.status, refused.body.code]).toEqual([503, 'not_ready']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await challenge()).toEqual(before);
      await system.database.query(damage); // the same again undoes it
      expect((await new Person(system, phone).verify(token, code)).status).toBe(200);
      expect(await brokenRules(system.database)).toEqual({});
    },
  );

  it('a refresh token is answered 503 and not rotated, so that its session outlives the outage', async () => {
    const { tokens } = await newcomer(system, nextPhone());
    await system.database.query(damage);
    await system.restart(0);
    const refused = await refreshAt(system.api, tokens);
    expect(kind(refused)).toBe('503 not_ready');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await system.database.query(damage);
    system.clock.advance(60); // by then a token that was rotated counts as reused
    expect((await refreshAt(system.api, tokens)).status).toBe(200);
  });

  it('a right code that a client app presents is not used up either', async () => {
    const app = await VerifyingApp.make(system);
    const { token, code } = await app.challenged(nextPhone());
    await system.database.query(damage);
    await system.restart(0);
    const refused = await app.check(token, code);
    expect([refused.status, refused.body.code]).toEqual([503, 'not_ready']);
    await system.database.query(damage);
    expect((await app.check(token, code)).status).toBe(200);
  });
});
