// A02, A03 where a vendor checks the code (design D7, protocol.md 5): the attempt is spent before the vendor is asked, so however
// many answers arrive at once, the vendor hears of five at most, and its one yes makes one session.
import { startSystem, type System } from '../support/instance';
import { phoneNumbers, wrongCodes } from '../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  events,
  LIMITS_OFF,
  others,
  pending,
  RACE_TIMEOUT_MS,
  rounds,
  sessionsOf,
  tally,
  verifyAt,
} from './burst';

const PROVIDER = 'sinch-verification';
/** The full thousand in test:races; beside other test files the vendor's 5 s for an answer must suffice as well. */
const PARALLEL = process.env['RACE_ROUNDS'] === undefined ? 300 : 1000;

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
}

describe('hundreds of answers to a challenge that a vendor checks, on two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  /** How often the vendor was asked to check a code of the newest challenge of a phone. */
  async function checksAsked(phone: string): Promise<number> {
    const sql = 'SELECT vendor_ref FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1';
    const { rows } = await system.database.query<{ vendor_ref: string }>(sql, [phone]);
    const verification = rows[0]?.vendor_ref ?? 'none';
    const response = await fetch(`${system.simulator}/requests?provider=${PROVIDER}`);
    const requests = (await response.json()) as RecordedRequest[];
    return requests.filter(({ method, path }) => method === 'PUT' && path.includes(verification)).length;
  }

  beforeAll(async () => {
    system = await startSystem({ instances: 2, provider: PROVIDER, env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  it.each(['login', 'register'] as const)(
    'A02: of hundreds of wrong codes for %s at once the vendor is asked about five at most, and nobody gets in',
    (purpose) =>
      rounds(1, async () => {
        const phone = nextPhone();
        const { token, code } = await pending(system, phone, purpose);
        const sessions = await sessionsOf(system, phone);
        const wrong = wrongCodes(code, PARALLEL);
        const answers = await burst(system, PARALLEL, (api, index) => verifyAt(api, token, wrong[index] ?? ''));
        // Sinch ends a verification at its third wrong code; then ours answers code_expired and asks for a resend.
        const refusals = ['401 code_invalid', '429 challenge_locked', '401 code_expired', '503 provider_unavailable'];
        expect(others(answers, [...refusals, ...BUSY])).toEqual([]);
        const asked = await checksAsked(phone);
        expect(asked).toBeGreaterThan(0);
        expect(asked).toBeLessThanOrEqual(5);
        expect(await events(system, phone, 'otp_spent')).toBeLessThanOrEqual(5 + (purpose === 'login' ? 1 : 0));
        expect((await verifyAt(system.api, token, code)).status).not.toBe(200);
        expect(await sessionsOf(system, phone)).toBe(sessions);
      }),
    RACE_TIMEOUT_MS,
  );

  it.each(['login', 'register'] as const)(
    'A03: of hundreds of right codes for %s at once the vendor is asked about five at most, and one is accepted',
    (purpose) =>
      rounds(1, async () => {
        const phone = nextPhone();
        const { token, code } = await pending(system, phone, purpose);
        const sessions = await sessionsOf(system, phone);
        const answers = await burst(system, PARALLEL, (api) => verifyAt(api, token, code));
        expect(tally(answers)).toMatchObject({ '200': 1 });
        const late = ['401 code_expired', '429 challenge_locked', '401 code_invalid', '503 provider_unavailable'];
        expect(others(answers, ['200', ...late, ...BUSY])).toEqual([]);
        const asked = await checksAsked(phone);
        expect(asked).toBeGreaterThan(0);
        expect(asked).toBeLessThanOrEqual(5);
        expect(await sessionsOf(system, phone)).toBe(sessions + 1);
      }),
    RACE_TIMEOUT_MS,
  );

  it('leaves no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system)).toEqual([]);
  });
});
