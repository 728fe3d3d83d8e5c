// What a person who is signed in does with their own account: one request each, with the token of the session.
import type {
  AccountExport,
  Challenge,
  EmailConfirmInput,
  PasswordChangeInput,
  PhoneConfirmInput,
  ProfileInput,
  Session,
  SessionList,
  Terms,
  TotpEnrolment,
  TrustedDevice,
  TrustedDeviceList,
  User,
} from './api.ts';
import { demandNothing } from './http.ts';

export abstract class AccountCalls {
  /**
   * The password again, for what answers `step_up_required`; ends with `verify`, in this same session.
   * @throws LatchkeyError credentials_invalid, and others
   */
  stepUp(password: string): Promise<Challenge> {
    return this.authorised('POST', '/v1/auth/step-up', { password });
  }

  /** Ends every other session; this one stays. @throws LatchkeyError step_up_required, credentials_invalid, password_*, and others */
  async changePassword(input: PasswordChangeInput): Promise<void> {
    await this.authorised('POST', '/v1/users/me/password', input);
  }

  /**
   * Mails a code to the address; ends with `confirmEmail`. Where Latchkey sends no mail the address is noted and the person returned.
   * @throws LatchkeyError step_up_required, validation_failed, rate_limited, and others
   */
  changeEmail(email: string): Promise<Challenge | User> {
    return this.authorised('POST', '/v1/users/me/email', { email });
  }

  /** The code from the mail; every other session ends. @throws LatchkeyError code_*, conflict when the address is somebody's, and others */
  confirmEmail(input: EmailConfirmInput): Promise<User> {
    return this.authorised('POST', '/v1/users/me/email/confirm', input);
  }

  /** @throws LatchkeyError step_up_required, conflict for an account without a number, which signs in with it, and others */
  async removeEmail(): Promise<void> {
    await this.authorised('DELETE', '/v1/users/me/email');
  }

  /** A code to the new number; ends with `confirmPhone`. @throws LatchkeyError step_up_required, phone_not_supported, and others */
  changePhone(phone: string): Promise<Challenge> {
    return this.authorised('POST', '/v1/users/me/phone', { phone });
  }

  /** Ends every other session; this one stays. @throws LatchkeyError code_*, conflict when the number is somebody else's, and others */
  confirmPhone(input: PhoneConfirmInput): Promise<User> {
    return this.authorised('POST', '/v1/users/me/phone/confirm', input);
  }

  /** Secret, link and picture for an authenticator app, once; ends with `confirmTotp`. @throws LatchkeyError step_up_required, conflict, and others */
  enrolTotp(): Promise<TotpEnrolment> {
    return this.authorised('POST', '/v1/users/me/totp');
  }

  /** The app's first code; every other session ends. @throws LatchkeyError code_invalid, code_expired, conflict, and others */
  async confirmTotp(code: string): Promise<void> {
    await this.authorised('POST', '/v1/users/me/totp/confirm', { code });
  }

  /** Sign-in is by message again; every other session ends. @throws LatchkeyError step_up_required, not_found, conflict when nothing else proves an account without a number, and others */
  async removeTotp(): Promise<void> {
    await this.authorised('DELETE', '/v1/users/me/totp');
  }

  /** Ten new ones, shown once; older ones end. @throws LatchkeyError step_up_required, rate_limited, and others */
  async makeRecoveryCodes(): Promise<readonly string[]> {
    return (await this.authorised<{ codes: string[] }>('POST', '/v1/users/me/recovery-codes')).codes;
  }

  /** How many recovery codes are unused; with fewer than three, offer new ones. @throws LatchkeyError */
  async recoveryCodesLeft(): Promise<number> {
    return (await this.authorised<{ remaining: number }>('GET', '/v1/users/me/recovery-codes')).remaining;
  }

  /** Devices that need the password only. @throws LatchkeyError */
  async trustedDevices(): Promise<readonly TrustedDevice[]> {
    return (await this.authorised<TrustedDeviceList>('GET', '/v1/users/me/trusted-devices')).items;
  }

  /** From now on it needs a code; its sessions go on. @throws LatchkeyError not_found, and others */
  async endTrustedDevice(id: string): Promise<void> {
    await this.authorised('DELETE', `/v1/users/me/trusted-devices/${encodeURIComponent(id)}`);
  }

  /** The person as Latchkey knows them now. @throws LatchkeyError */
  me(): Promise<User> {
    return this.authorised('GET', '/v1/users/me');
  }

  /** The same with the number in full. @throws LatchkeyError step_up_required, and others */
  meWithPhone(): Promise<User> {
    return this.authorised('GET', '/v1/users/me?include=phone');
  }

  /** What is absent stays as it is; null takes it away. @throws LatchkeyError validation_failed, and others */
  updateMe(input: ProfileInput): Promise<User> {
    return this.authorised('PATCH', '/v1/users/me', input);
  }

  /** All that is held about the person, table by table. @throws LatchkeyError step_up_required, and others */
  exportAccount(): Promise<AccountExport> {
    return this.authorised('GET', '/v1/users/me/export');
  }

  /** The terms of the server, and those that the person has accepted. @throws LatchkeyError */
  terms(): Promise<Terms> {
    return this.authorised('GET', '/v1/users/me/terms');
  }

  /** The person accepts the current terms. @throws LatchkeyError validation_failed for others, and others */
  async acceptTerms(termsVersion: string): Promise<void> {
    await this.authorised('PUT', '/v1/users/me/terms', { termsVersion });
  }

  /** Erases the account, for good; nobody is signed in here afterwards. @throws LatchkeyError step_up_required, recently_recovered, and others */
  async deleteAccount(): Promise<void> {
    demandNothing(await this.authorised('DELETE', '/v1/users/me'));
    await this.forgetSession();
  }

  /** @throws LatchkeyError */
  async sessions(): Promise<readonly Session[]> {
    return (await this.authorised<SessionList>('GET', '/v1/auth/sessions')).items;
  }

  /** @throws LatchkeyError not_found, and others */
  async endSession(id: string): Promise<void> {
    await this.authorised('DELETE', `/v1/auth/sessions/${encodeURIComponent(id)}`);
  }

  /** Ends all but this one. @throws LatchkeyError */
  async endOtherSessions(): Promise<void> {
    await this.authorised('DELETE', '/v1/auth/sessions');
  }

  /** One request with the access token, once more after it was renewed. @throws LatchkeyError */
  protected abstract authorised<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;

  /** Nobody is signed in here any more; Latchkey is not asked. */
  protected abstract forgetSession(): Promise<void>;
}
