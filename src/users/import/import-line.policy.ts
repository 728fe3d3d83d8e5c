// Decides which account a record makes, or why it makes none. Pure. The rules for phone, e-mail, name and language are those of registration.
// Of several things that are wrong, only the first is reported.
import { isUUID, maxLength } from 'class-validator';
import { canonicalEmail } from '../../platform/email/email-address';
import { DISPLAY_NAME_MAX, LANGUAGE_TAG_MAX, languageTag, printable } from '../../platform/text/patterns';
import { writtenInstant } from '../../platform/time/written-instant';
import type { Fields } from './import-fields';
import type { ImportSettings, RefusalCode } from './user-import.types';

export interface ImportedAccount {
  readonly id: string;
  readonly phone: string;
  readonly email: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly displayName: string | null;
  readonly locale: string | null;
  readonly status: 'active' | 'disabled';
  readonly mustChange: boolean;
  readonly passwordHash: string;
  readonly createdAt: Date;
  readonly lastAuthenticatedAt: Date;
}

export interface LineRules {
  readonly settings: ImportSettings;
  readonly now: Date;
  /** @returns E.164; undefined for a number that is not served */
  phone(text: string): string | undefined;
  /** @returns what to store, or why the record is refused */
  password(fields: Fields): { readonly stored: string } | { readonly code: RefusalCode };
  newId(): string;
}

export type ReadLine =
  { readonly ok: true; readonly account: ImportedAccount } | { readonly ok: false; readonly code: RefusalCode };

class Refused extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

/** An instant may lie up to a day in the future, because clocks differ and a date may be written in another zone. */
const AHEAD_MILLISECONDS = 86_400_000;

export function accountOf(fields: Fields, rules: LineRules): ReadLine {
  try {
    return { ok: true, account: read(fields, rules) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code };
    throw error;
  }
}

function read(fields: Fields, rules: LineRules): ImportedAccount {
  const { settings, now } = rules;
  const phone = phoneOf(fields, rules);
  const email = text(
    fields.email,
    'email_invalid',
    (each) => each !== '',
    (each) => canonicalEmail(each) ?? '',
  );
  const isVerified = truth(fields.emailVerified, 'email_verified_invalid') && settings.trustEmails;
  const createdAt = time(fields.createdAt, 'created_at_invalid', now) ?? now;
  const id = text(fields.id, 'id_invalid', settings.keepIds ? (each) => isUUID(each) : () => true);
  return {
    phone,
    email,
    emailVerifiedAt: email !== null && isVerified ? now : null,
    displayName: text(fields.displayName, 'display_name_invalid', isName),
    locale: text(fields.locale, 'locale_invalid', isLocale),
    status: statusOf(fields.status),
    mustChange: truth(fields.mustChangePassword, 'must_change_password_invalid') || settings.mustChange,
    createdAt,
    lastAuthenticatedAt: time(fields.lastAuthenticatedAt, 'last_authenticated_at_invalid', now) ?? now,
    passwordHash: passwordOf(fields, rules),
    id: settings.keepIds && id !== null ? id.toLowerCase() : rules.newId(),
  };
}

function phoneOf({ phone }: Fields, rules: LineRules): string {
  if (phone === undefined) throw new Refused('phone_missing');
  const canonical = typeof phone === 'string' ? rules.phone(phone) : undefined;
  if (canonical === undefined) throw new Refused('phone_not_supported');
  return canonical;
}

function passwordOf(fields: Fields, rules: LineRules): string {
  const read = rules.password(fields);
  if ('code' in read) throw new Refused(read.code);
  return read.stored;
}

function text(value: unknown, code: RefusalCode, isSound: (text: string) => boolean, normal = (each: string) => each) {
  if (value === undefined) return null;
  const result = typeof value === 'string' ? normal(value) : '';
  if (!isSound(result)) throw new Refused(code);
  return result;
}

function truth(value: unknown, code: RefusalCode): boolean {
  if (value === undefined || value === false || value === 'false' || value === '0') return false;
  if (value === true || value === 'true' || value === '1') return true;
  throw new Refused(code);
}

/** Milliseconds since 1970. Fewer digits are seconds: taken for milliseconds they lie in January 1970, and the account would count as idle. */
const milliseconds = /^[1-9]\d{10,12}$/;

/** Reads ISO 8601, where no zone means UTC, or milliseconds since 1970, as a number or as its digits, which is how Firebase writes them. */
function time(value: unknown, code: RefusalCode, now: Date): Date | undefined {
  if (value === undefined) return undefined;
  const written = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const read = milliseconds.test(written) ? Number(written) : writtenInstant(written)?.getTime();
  if (read === undefined || !(read >= 0 && read <= now.getTime() + AHEAD_MILLISECONDS)) throw new Refused(code);
  return new Date(read);
}

function statusOf(value: unknown): 'active' | 'disabled' {
  if (value === undefined || value === 'active') return 'active';
  if (value === 'disabled') return 'disabled';
  throw new Refused('status_invalid');
}

function isName(text: string): boolean {
  return maxLength(text, DISPLAY_NAME_MAX) && printable.test(text);
}

function isLocale(text: string): boolean {
  return maxLength(text, LANGUAGE_TAG_MAX) && languageTag.test(text);
}
