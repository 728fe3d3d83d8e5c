// What a service that makes and checks codes is known to have begun, as it stands in our tables.
import type { System } from './instance';

/** As when a resend has begun another verification: it is the one to ask about from now on. */
export async function followed({ database }: System, phone: string): Promise<void> {
  const { rowCount } = await database.query(
    `UPDATE otp_attempts SET vendor_ref = 'another' WHERE phone = $1 AND consumed_at IS NULL AND vendor_ref IS NOT NULL`,
    [phone],
  );
  if (rowCount !== 1) throw new Error(`${rowCount} verifications are open`);
}
