// Reads fields that the webhooks of several vendors share, without trusting them. Every result can be stored: a single field that could not
// would make the vendor repeat its webhook for hours, with everything that came with it.
import { uuidForm } from '../../platform/text/patterns';
import { writtenInstant } from '../../platform/time/written-instant';
import type { ProviderFailureKind } from './failure';
import type { DeliveryReceipt, UndeliveredKind } from './receipt';

/** Reasons to refuse a message that may also turn up only after it was taken. */
const FOUND_LATER: readonly UndeliveredKind[] = [
  'opted_out',
  'blocked',
  'invalid_number',
  'unsupported_destination',
  'out_of_credit',
];

/** An instant as vendors write it, ISO 8601. @returns null for any other text, and before 1970 */
export function instantOf(value: unknown): Date | null {
  const at = typeof value === 'string' ? writtenInstant(value) : undefined;
  return at !== undefined && at.getTime() >= 0 ? at : null;
}

/** Our delivery id, repeated by the vendor. @returns undefined for another text: other systems may use the same account */
export function referenceOf(value: unknown): string | undefined {
  return typeof value === 'string' && uuidForm.test(value) ? value : undefined;
}

/** The number of a person, with or without its +. @returns E.164 with +, or undefined for names and short codes */
export function phoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\+?[1-9]\d{6,14}$/.test(value) ? `+${value.replace(/^\+/, '')}` : undefined;
}

/** A sender of ours: a number of 8 digits or more as E.164, with or without its +; a short code or a name of up to 64 characters unchanged. */
export function senderOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,64}$/u.test(value)) return undefined;
  return /^[1-9]\d{7,14}$/.test(value) ? `+${value}` : value;
}

/** @param amount decimal text, below a million. @returns nothing when either is malformed */
export function priceOf(amount: unknown, currency: unknown): Pick<DeliveryReceipt, 'price'> {
  const isAmount = typeof amount === 'string' && /^\d{1,6}(\.\d{1,8})?$/.test(amount);
  return isAmount && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { price: { amount, currency } } : {};
}

/**
 * Why a message did not arrive. @param kind what the receipt's code would mean as an answer to a send
 * @returns undefined for kinds that concern only the hand-over: throttling, our configuration, a fault of the vendor
 */
export function undeliveredOf(kind: ProviderFailureKind | undefined): UndeliveredKind | undefined {
  return FOUND_LATER.find((known) => known === kind);
}
