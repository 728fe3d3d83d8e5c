// Vonage Verify's own words, checked on arrival.
import type { Channel } from '../../contract/provider';
import { type JsonObject, vendorId } from '../../contract/vendor-answer';

export interface VonageVerificationBody {
  readonly brand: string;
  readonly code_length: number;
  /** Seconds that the one step of the workflow lives: the verification's life. */
  readonly channel_timeout: number;
  /** At most 40 letters and digits. */
  readonly client_ref: string;
  readonly locale?: string;
  /** One step: with several, Vonage would send again by itself. */
  readonly workflow: readonly [{ readonly channel: Channel; /** Digits only: no +. */ readonly to: string }];
}

export function readRequestId(body: JsonObject): string | undefined {
  return vendorId(body['request_id']);
}

/** @returns whether the answer says that this very verification is completed. */
export function isCompleted(body: JsonObject, requestId: string): boolean {
  return body['status'] === 'completed' && readRequestId(body) === requestId;
}

// developer.vonage.com/en/verify/guides/verify-v2-languages: those with a text and a voice. Others are left to Vonage, which goes
// by the number's country.
const locales = [
  'en-us en-gb en-au en-in de-de es-es es-mx es-us fr-fr fr-ca it-it nl-nl pl-pl pt-pt pt-br tr-tr ar-xa hi-in ja-jp',
  'zh-cn cs-cz da-dk',
].flatMap((line) => line.split(' '));

/** @param tag BCP 47 @returns Vonage's locale of that region, else of that language, else undefined */
export function localeOf(tag: string): string | undefined {
  const wanted = tag.toLowerCase();
  const language = wanted.split('-', 1)[0] ?? '';
  return locales.find((known) => known === wanted) ?? locales.find((known) => known.startsWith(`${language}-`));
}
