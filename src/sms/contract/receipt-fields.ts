// Fields that the webhooks of several vendors share, read without trusting them. What they give can be stored: one field that could not
// would make the vendor repeat its webhook for hours, and everything that came with it.
import type { ProviderFailureKind } from './failure';
import type { DeliveryReceipt, UndeliveredKind } from './receipt';

const YEAR_10000 = Date.UTC(10_000, 0);
/** Reasons to refuse a message that may also show only after it was taken. */
const FOUND_LATER: readonly UndeliveredKind[] = [
  'opted_out',
  'blocked',
  'invalid_number',
  'unsupported_destination',
  'out_of_credit',
];

/** An instant as vendors write it, ISO 8601 as a rule. @returns null for anything else, and for what is not in the years 1970 to 9999 */
export function instantOf(value: unknown): Date | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return at >= 0 && at < YEAR_10000 ? new Date(at) : null;
}

/** Our delivery id, as the vendor repeats it. @returns undefined for what is none: other systems may use the same account */
export function referenceOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : undefined;
}

/** The number of a person, with or without its +. @returns E.164 with +, or undefined for names and short codes */
export function phoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\+?[1-9]\d{6,14}$/.test(value) ? `+${value.replace(/^\+/, '')}` : undefined;
}

/** A sender of ours: a number of 8 digits or more in E.164, with or without its +; a short code or a name, up to 64 characters, as it is. */
export function senderOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,64}$/u.test(value)) return undefined;
  return /^[1-9]\d{7,14}$/.test(value) ? `+${value}` : value;
}

/** @param amount decimal text, below a million. @returns nothing where either is not what it should be */
export function priceOf(amount: unknown, currency: unknown): Pick<DeliveryReceipt, 'price'> {
  const isAmount = typeof amount === 'string' && /^\d{1,6}(\.\d{1,8})?$/.test(amount);
  return isAmount && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { price: { amount, currency } } : {};
}

/**
 * Why a message did not arrive. @param kind what the code of the receipt would mean as the answer to a send
 * @returns undefined for what is about the hand-over alone: throttled, our set-up, trouble of the vendor's
 */
export function undeliveredOf(kind: ProviderFailureKind | undefined): UndeliveredKind | undefined {
  return FOUND_LATER.find((known) => known === kind);
}
