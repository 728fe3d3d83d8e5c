// What a service that makes and checks codes is known to have begun, and to be asked.
import type { System } from './instance';
import { until } from './patience';
import type { Person } from './person';

/** Until a service is being asked about the first code that was entered: it counts as a wrong one meanwhile. */
export async function beingJudged(person: Person, challengeToken: string): Promise<void> {
  await until(async () => (await person.status(challengeToken)).attemptsLeft !== 5, 'the judge', 30_000, 10);
}

/** As when a resend has begun another verification: it is the one to ask about from now on. */
export async function followed({ database }: System, phone: string): Promise<void> {
  const { rowCount } = await database.query(
    `UPDATE otp_attempts SET vendor_ref = 'another' WHERE phone = $1 AND consumed_at IS NULL AND vendor_ref IS NOT NULL`,
    [phone],
  );
  if (rowCount !== 1) throw new Error(`${rowCount} verifications are open`);
}
