// Whoever asks for a reset learns nothing about who has an account: the same answers at every step, on two instances (A55).
import type { ApiClient, ChallengeBody } from '../../support/api-client';
import { askReset, changePassword, forgotten, kind, resetAt } from '../../support/credentials';
import type { System } from '../../support/instance';
import { until } from '../../support/patience';
import { newcomer, PASSWORD, Person, phoneNumbers } from '../../support/person';
import { startForResets } from '../../support/resets';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startForResets();
  [here, there] = system.both;
});
afterAll(() => system.stop());

describe('A55: a reset of somebody', () => {
  const shown = ({ status, body }: { status: number; body: ChallengeBody }) => {
    const { challengeToken, destination, expiresAt, ...rest } = body;
    return {
      status,
      members: Object.keys(body),
      token: challengeToken?.length,
      expires: typeof expiresAt,
      ...rest,
      destination,
    };
  };

  /** All that the holder of a challenge can see of it, from the first answer to the last wrong code. */
  async function seen(identifier: string): Promise<unknown[]> {
    const asked = await askReset(here, identifier);
    const steps: unknown[] = [{ ...shown(asked), destination: null }];
    const person = new Person(system, identifier);
    const token = asked.body.challengeToken;
    const look = async () => {
      const { channel, methods, channels, codeLength, resendAfter, ...more } = await person.status(token);
      const { attemptsLeft, state, delivery, deliveryUpdatedAt, codesVoidBefore, next } = more;
      steps.push({ channel, methods, channels, codeLength, resendAfter, attemptsLeft });
      steps.push({ state, delivery, deliveryUpdatedAt, codesVoidBefore, next });
    };
    await look();
    system.clock.advance(31);
    await look();
    const resent = await person.resend(token);
    steps.push([resent.status, { ...shown(resent), destination: null }]);
    await look();
    for (const wrong of ['000001', '000002', '000003', '000004', '000005', '000006']) {
      const { status, body } = await resetAt(there, token, wrong);
      steps.push([status, body.code, body.attemptsLeft]);
    }
    await look();
    return steps;
  }

  it('known, unknown, disabled, idle and what is no name at all: the same answers at every step', async () => {
    const { person: known } = await newcomer(system, nextPhone());
    const { person: disabled } = await newcomer(system, nextPhone());
    const { person: idle } = await newcomer(system, nextPhone());
    await disabled.alter(`status = 'disabled'`);
    await idle.becomeIdle();
    const all = [known.phone, nextPhone(), disabled.phone, idle.phone, 'nobody@example.com', 'no name', '', 'a\u0000b'];
    const expected = await seen(nextPhone());
    expect(expected).toHaveLength(16);
    for (const identifier of all) expect([identifier, await seen(identifier)]).toEqual([identifier, expected]);
    for (const { phone } of [disabled, idle]) {
      const codes = (await system.phone.messages(phone)).filter(({ text }) => /reset your password/.test(text));
      expect([phone, codes]).toEqual([phone, []]);
    }
  });

  it('the number is masked when it was typed, and never shown when not', async () => {
    const { person } = await newcomer(system, nextPhone());
    const unknown = await askReset(here, nextPhone());
    expect((await askReset(here, person.phone)).body.destination).toBe(`+1******${person.phone.slice(-4)}`);
    expect(unknown.body.destination).toMatch(/^\+1\*{6}\d{4}$/);
    await person.alter(`email = 'someone@example.com', email_verified_at = now()`);
    for (const identifier of ['Someone@Example.com', 'nobody-else@example.com']) {
      expect((await askReset(here, identifier)).body.destination).toBeNull();
    }
  });

  it('a change of the password does not show in a reset that somebody else holds', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const { token, code } = await forgotten(person);
    const { challengeToken: decoy } = (await askReset(here, nextPhone())).body;
    const told = async (challenge: string) => {
      const { state, attemptsLeft, delivery, next } = await person.status(challenge);
      return { state, attemptsLeft, delivery, next };
    };
    await changePassword(here, tokens.accessToken, PASSWORD);
    expect(await told(token)).toEqual(await told(decoy));
    expect(kind(await resetAt(here, token, code, 'a third one, then'))).toBe('401 code_invalid');
    await resetAt(here, decoy, code);
    expect(await told(token)).toEqual(await told(decoy));
  });

  it('is locked, and waits for its own failures while others ask about it, of an account as of nobody', async () => {
    const { person: known } = await newcomer(system, nextPhone());
    for (const name of [known.phone, nextPhone()]) {
      let token = '';
      for (let challenge = 0; challenge < 2; challenge += 1) {
        token = (await askReset(here, name)).body.challengeToken;
        for (const wrong of ['000001', '000002', '000003', '000004', '000005']) await resetAt(there, token, wrong);
        system.clock.advance(31);
      }
      const client = await system.database.connect();
      try {
        await client.query('BEGIN; SELECT FROM failure_budgets FOR UPDATE');
        const answer = resetAt(there, token, '000006');
        const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%failure_budgets%'`;
        await until(
          async () => (await system.database.query(waits)).rowCount === 1,
          `a reset of ${name} that waits`,
          900,
        );
        await client.query('COMMIT');
        expect([name, kind(await answer)]).toEqual([name, '429 second_factor_locked']);
      } finally {
        client.release(true);
      }
    }
  });

  it('refuses an unknown field and what is no text, alike', async () => {
    for (const body of [{}, { identifier: 4 }, { identifier: ['+14152000001'] }, { identifier: 'x', locale: 'de' }]) {
      expect(kind(await here.post('/v1/auth/password/forgot', body))).toBe('400 validation_failed');
    }
  });
});
