// The vendors that may tell us something, and whether a request is theirs. A vendor is known here while it is in SMS_PROVIDERS
// and the keys that check its signature are configured; everything else does not exist.
import { Injectable } from '@nestjs/common';
import { SampledEvents } from '../../audit/sampled-events.service';
import { HttpConfig } from '../../config/http.config';
import { LoadedConfig } from '../../config/load-config';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Clock } from '../../platform/clock/clock';
import { PublicUrl } from '../../platform/request/public-url';
import type { ReceiptReader, ReceiptReading, WebhookRequest } from '../contract/receipt';
import { providerDefinitions } from '../providers';
import { SmsConfig } from '../sms.config';
import { receiptErrors } from './receipts.errors';

/** A request as it came in, its body untouched. */
export type ArrivedWebhook = Omit<WebhookRequest, 'url'>;

@Injectable()
export class Webhooks {
  private readonly readers = new Map<string, ReceiptReader>();
  private readonly base: string | undefined;

  constructor(
    config: LoadedConfig,
    clock: Clock,
    private readonly publicUrl: PublicUrl,
    private readonly sampled: SampledEvents,
  ) {
    const { SMS_PROVIDERS, SMS_WEBHOOK_BASE_URL } = config.get(SmsConfig);
    this.base = SMS_WEBHOOK_BASE_URL ?? config.get(HttpConfig).PUBLIC_URL;
    for (const { name, config: slice, receipts } of providerDefinitions) {
      const reader = SMS_PROVIDERS.includes(name) ? receipts?.({ config: config.get(slice), clock }) : undefined;
      if (reader !== undefined) this.readers.set(name, reader);
    }
  }

  /** @throws AppError not_found, signature_invalid, validation_failed */
  async read(provider: string, request: ArrivedWebhook): Promise<ReceiptReading & { ok: true }> {
    const reader = this.readers.get(provider);
    if (reader === undefined) throw new AppError(platformErrors.not_found, { reason: 'no receipts of this vendor' });
    const reading = reader.read({ ...request, url: `${this.base ?? this.publicUrl.origin}${request.path}` });
    if (reading.ok) return reading;
    await this.sampled.note('webhook_rejected', `${provider}: ${reading.refusal}`);
    if (reading.refusal !== 'unreadable')
      throw new AppError(receiptErrors.signature_invalid, { reason: reading.refusal });
    throw new AppError(platformErrors.validation_failed, { reason: 'not what the vendor documents', errors: [] });
  }
}
