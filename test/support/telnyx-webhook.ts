// Webhooks of the simulated Telnyx, written and signed by the test itself: what it says, when, and however often.
import { createPrivateKey, sign } from 'node:crypto';
import type { ApiAnswer, ApiClient, ProblemBody } from './api-client';
import type { System } from './instance';

export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export class TelnyxWebhooks {
  /** @param seed base64 of the 32 bytes that sign; those of the system's development key unless told */
  constructor(
    private readonly system: System,
    private readonly seed = system.secret('SIMULATOR_TELNYX_SEED'),
  ) {}

  /** `message.sent` or `message.finalized` about a message. @param code of the error, for one that failed @param amount in USD; null: no word of it */
  about(
    id: string,
    status: 'sent' | 'delivered' | 'delivery_failed',
    code = '40008',
    amount: string | null = '0.0051',
  ): SignedWebhook {
    const errors = status === 'delivery_failed' ? [{ code, title: 'Undeliverable' }] : [];
    const cost = amount === null ? {} : { cost: { amount, currency: 'USD' } };
    const payload = { id, to: [{ status }], errors, ...cost };
    return this.signed(status === 'sent' ? 'message.sent' : 'message.finalized', payload);
  }

  signed(type: string, payload: object, at = this.system.clock.now()): SignedWebhook {
    const data = { event_type: type, id: 'an event', occurred_at: at.toISOString(), payload, record_type: 'event' };
    const body = JSON.stringify({ data });
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const seed = Buffer.from(this.seed, 'base64');
    const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64');
    return { body, headers: { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature } };
  }

  post(webhook: SignedWebhook, api: ApiClient = this.system.api, provider = 'telnyx'): Promise<ApiAnswer<ProblemBody>> {
    const { headers, body: rawBody } = webhook;
    return api.post(`/webhooks/sms/${provider}`, undefined, { headers, rawBody });
  }

  /** The vendor's id of the newest hand-over to this number. */
  async idFor(phone: string): Promise<string> {
    const { rows } = await this.system.database.query<{ id: string }>(
      `SELECT d.provider_id AS id FROM sms_deliveries d JOIN otp_attempts c ON c.id = d.reference_id
        WHERE c.phone = $1 AND d.provider = 'telnyx' ORDER BY d.created_at DESC LIMIT 1`,
      [phone],
    );
    return rows[0]?.id ?? '';
  }
}
