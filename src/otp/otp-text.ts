// The text of a code message (security.md 5.3): purpose named, one GSM-7 segment, last line bound to our origin (WebOTP,
// WICG origin-bound one-time codes). Only digits and configured constants are inserted, never input (A24, A63, A97).
import type { Purpose } from './otp.types';

const actions: Readonly<Record<Purpose, string>> = {
  register: 'finish signing up',
  login: 'sign in',
  step_up: 'confirm a change',
  reset: 'reset your password',
  phone_change: 'change your number',
  phone_verification: 'verify your number',
};

export function codeText(code: string, purpose: Purpose, appName: string, origin: string): string {
  return `${code} is your ${appName} code to ${actions[purpose]}. Never share it.\n\n@${origin} #${code}`;
}

export type NoticeName = 'register_attempt' | 'factor_locked';

/** No link and no code: a notice must not be worth imitating (security.md 5.3). */
export function noticeText(name: NoticeName, appName: string): string {
  switch (name) {
    case 'register_attempt':
      return `Someone tried to sign up to ${appName} with this number. If it was you, sign in or reset your password instead.`;
    case 'factor_locked':
      return `Someone entered too many wrong ${appName} codes for your account. Not you? Open ${appName} and change your password.`;
  }
}
