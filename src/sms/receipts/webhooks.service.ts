// Which vendors may post to us, and whether a request is theirs. A vendor is known here if it is in SMS_PROVIDERS and the keys that check
// its signature are configured. For all others the address does not exist.
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
import { withFormerKeys } from './former-keys';
import { receiptErrors } from './receipts.errors';

/** A request as it came in, with its body unchanged. */
export type ArrivedWebhook = Omit<WebhookRequest, 'url'>;

@Injectable()
export class Webhooks {
  /** By vendor: the reader with the present key, then the one with the former key. */
  private readonly readers = new Map<string, readonly ReceiptReader[]>();
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
      const configs = SMS_PROVIDERS.includes(name) ? withFormerKeys(config.get(slice)) : [];
      const readers = configs.flatMap((keys) => receipts?.({ config: keys, clock }) ?? []);
      if (readers.length > 0) this.readers.set(name, readers);
    }
  }

  /** @throws AppError not_found, signature_invalid, validation_failed */
  async read(provider: string, request: ArrivedWebhook): Promise<ReceiptReading & { ok: true }> {
    const readers = this.readers.get(provider);
    if (readers === undefined) throw new AppError(platformErrors.not_found, { reason: 'no receipts of this vendor' });
    const reading = readBy(readers, { ...request, url: `${this.base ?? this.publicUrl.origin}${request.path}` });
    if (reading.ok) return reading;
    await this.sampled.note('webhook_rejected', `${provider}: ${reading.refusal}`);
    if (reading.refusal !== 'unreadable')
      throw new AppError(receiptErrors.signature_invalid, { reason: reading.refusal });
    throw new AppError(platformErrors.validation_failed, { reason: 'not what the vendor documents', errors: [] });
  }
}

/** Read by the first reader whose key fits the signature. */
function readBy(readers: readonly ReceiptReader[], request: WebhookRequest): ReceiptReading {
  let reading: ReceiptReading = { ok: false, refusal: 'bad_signature' };
  for (const reader of readers) {
    reading = reader.read(request);
    if (reading.ok || reading.refusal !== 'bad_signature') break;
  }
  return reading;
}
