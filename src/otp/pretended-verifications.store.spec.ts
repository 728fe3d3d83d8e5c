// Which verifications that decoys pretend to have affect each other (A55), on a real database.
import { openDatabase, type OpenDatabase } from '../../test/support/database';
import type { Database } from '../database/database.service';
import type { Statement } from '../database/sql';
import { PretendedVerificationsStore } from './pretended-verifications.store';

type Restart = Parameters<PretendedVerificationsStore['begin']>[3];

const NUMBER = '+14155550100';
const NOW = new Date();
/** Of a service that goes on with what it has begun for the number in the ten minutes before, and of one that ends that. */
const goesOn: Restart = { goesOnSince: new Date(NOW.getTime() - 600_000), endsFormer: false };
const endsFormer: Restart = { goesOnSince: null, endsFormer: true };

describe('what a decoy pretends to have begun at a service', () => {
  let made: OpenDatabase;
  let store: PretendedVerificationsStore;

  beforeAll(async () => {
    made = await openDatabase();
    const run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await made.client.query(text, [...values])).rows as unknown[];
    store = new PretendedVerificationsStore({ run } as unknown as Database);
  });
  afterAll(() => made.close());
  afterEach(() => made.client.query('TRUNCATE otp_attempts'));

  async function decoy(verifier: string, phone = NUMBER): Promise<string> {
    const { rows } = await made.client.query<{ id: string }>(
      `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, sends, channel, client_id, methods, decoy, verifier)
       VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), 'register', 'k1', 6, gen_random_uuid(), $1, 5, $2, $2, '{}', 'sms', 'c', '{sms}', true, $3) RETURNING id`,
      [phone, NOW, verifier],
    );
    return rows[0]?.id ?? '';
  }

  async function begun(verifier: string, restart = endsFormer, phone = NUMBER, at = NOW): Promise<string> {
    const id = await decoy(verifier, phone);
    await store.begin(id, verifier, at, restart);
    return id;
  }

  const wrongCodesOf = async (id: string) => (await store.refuse(id))?.wrongCodes;

  it('keeps its wrong codes when it is begun once more: two runs may send one message', async () => {
    const id = await begun('a');
    expect(await wrongCodesOf(id)).toBe(1);
    expect(await store.begin(id, 'a', NOW, endsFormer)).toBeUndefined();
    expect(await wrongCodesOf(id)).toBe(2);
  });

  it('goes on with that of the number at the same service, and with no other', async () => {
    for (const former of [await begun('b', goesOn), await begun('a', goesOn, '+14155550101')])
      await wrongCodesOf(former);
    const id = await begun('a', goesOn);
    expect(await wrongCodesOf(id)).toBe(1);
    expect(await wrongCodesOf(await begun('a', goesOn))).toBe(2);
  });

  it('ends that of the number at the same service, and no other', async () => {
    const [others, elsewhere, former] = [
      await begun('b'),
      await begun('a', endsFormer, '+14155550101'),
      await begun('a'),
    ];
    await begun('a');
    expect(await wrongCodesOf(former)).toBeGreaterThan(5);
    expect([await wrongCodesOf(others), await wrongCodesOf(elsewhere)]).toEqual([1, 1]);
  });

  it('has no wrong codes of another that the service keeps apart', async () => {
    const apart = { goesOnSince: null, endsFormer: false };
    const [first, second] = [await begun('a', apart), await begun('a', apart, NUMBER, new Date(NOW.getTime() + 1000))];
    await wrongCodesOf(first);
    expect(await wrongCodesOf(second)).toBe(1);
  });
});
