// Fields that the webhooks of several vendors share, read without trusting them.
import type { DeliveryReceipt } from './receipt';

/** An instant as vendors write it, ISO 8601 as a rule. @returns null for anything else */
export function instantOf(value: unknown): Date | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

/** The number of a person, with or without its +. @returns E.164 with +, or undefined for names and short codes */
export function phoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\+?[1-9]\d{6,14}$/.test(value) ? `+${value.replace(/^\+/, '')}` : undefined;
}

/** A sender of ours: a number of 8 digits or more in E.164, with or without its +; a short code or a name as it is. */
export function senderOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return /^[1-9]\d{7,14}$/.test(value) ? `+${value}` : value;
}

/** @param amount decimal text, below a million. @returns nothing where either is not what it should be */
export function priceOf(amount: unknown, currency: unknown): Pick<DeliveryReceipt, 'price'> {
  const isAmount = typeof amount === 'string' && /^\d{1,6}(\.\d{1,8})?$/.test(amount);
  return isAmount && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { price: { amount, currency } } : {};
}
