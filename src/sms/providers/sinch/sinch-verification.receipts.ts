// What Sinch Verification posts to the callback URL of the application, signed as our requests are, under our own key and path.
// That a code was entered rightly is never taken from here: only our own question to Sinch proves it (A91).
import type { ReceiptDependencies, ReceiptReader, ReceiptReading, WebhookRequest } from '../../contract/receipt';
import { parseObject, vendorId } from '../../contract/vendor-answer';
import { isFresh, isSame } from '../../contract/webhook-signature';
import { sinchSignature } from './sinch.signature';
import type { SinchVerificationConfig } from './sinch-verification.config';

/** Sinch asks before it sends anything, where the application is set up so. We asked for it ourselves, so: yes. */
const allow = { contentType: 'application/json', body: '{"action":"allow"}' };

export class SinchVerificationReceipts implements ReceiptReader {
  constructor(private readonly dependencies: ReceiptDependencies<SinchVerificationConfig>) {}

  read(request: WebhookRequest): ReceiptReading {
    const refusal = this.refusalOf(request);
    if (refusal !== undefined) return { ok: false, refusal };
    const { id, event, smsResult } = parseObject(request.rawBody.toString('utf8')) ?? {};
    if (typeof event !== 'string') return { ok: false, refusal: 'unreadable' };
    if (event === 'VerificationRequestEvent') return { ok: true, events: [], answer: allow };
    const providerId = vendorId(id);
    const told = event === 'VerificationSmsDeliveredEvent' && providerId !== undefined;
    if (!told) return { ok: true, events: [] };
    if (smsResult === 'Successful') {
      return { ok: true, events: [{ kind: 'delivery', providerId, status: 'delivered', at: null }] };
    }
    if (smsResult !== 'Failed') return { ok: true, events: [] };
    const failure = { kind: 'undelivered' } as const;
    return { ok: true, events: [{ kind: 'delivery', providerId, status: 'failed', at: null, failure }] };
  }

  private refusalOf(request: WebhookRequest): 'bad_signature' | 'stale' | undefined {
    const { config, clock } = this.dependencies;
    const timestamp = request.headers['x-timestamp'] ?? '';
    const signature = sinchSignature(config.SINCH_APPLICATION_SECRET?.reveal() ?? '', {
      method: request.method,
      body: request.rawBody,
      contentType: request.headers['content-type'] ?? '',
      timestamp,
      path: request.path,
    });
    const expected = `Application ${config.SINCH_APPLICATION_KEY?.reveal() ?? ''}:${signature}`;
    const given = (request.headers['authorization'] ?? '').replace(/^application /i, 'Application ');
    if (!isSame(Buffer.from(expected), Buffer.from(given))) return 'bad_signature';
    return isFresh(Date.parse(timestamp) / 1000, clock.now()) ? undefined : 'stale';
  }
}
