import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvInt, EnvList, EnvString } from '../config/fields';
import { EnvLimit, Limit } from '../config/limit';

/** How long challenges live (security.md 5.2). A challenge has one end, which a resend does not move. */
export class OtpConfig extends ConfigSlice {
  @EnvInt({ min: 4, max: 10 }) OTP_LENGTH: number = 6;
  @EnvInt({ min: 30, max: 600 }) OTP_EXPIRY_SECONDS: number = 300;
  @EnvInt({ min: 1, max: 10 }) OTP_MAX_ATTEMPTS: number = 5;
  @EnvList({ matches: /^[1-9]\d{0,3}$/, message: 'must be whole seconds separated by commas' })
  OTP_RESEND_SECONDS: string[] = ['30', '60', '120'];
  @EnvInt({ min: 1, max: 10 }) OTP_MAX_SENDS: number = 4;
  @EnvString({ matches: /^[a-z0-9.-]{1,60}(:\d{1,5})?$/, message: 'must be a host name' }) OTP_ORIGIN?: string;
  @EnvString({ matches: /^[A-Za-z0-9+/]{11}$/, message: 'must be the 11 characters that Android names an app by' })
  OTP_ANDROID_APP_HASH?: string;
  @EnvLimit('4/10m,8/1h,12/1d') LIMIT_SMS_DESTINATION!: Limit;
  @EnvLimit('30/1d') LIMIT_SMS_DESTINATION_ALL!: Limit;
  @EnvLimit('12/1d') LIMIT_SMS_ACCOUNT!: Limit;
  /**
   * Mailed codes per address that nobody has entered. As for numbers, because strangers can annoy an address as easily (security.md 5.4). Not those of
   * resets, which count for the name that was typed, or a refusal would tell that two names are of one account.
   */
  @EnvLimit('4/10m,8/1h,12/1d') LIMIT_MAIL_DESTINATION!: Limit;
  /** Mailed codes per account: so many for its sign-ins, and as many for changes of its address. */
  @EnvLimit('12/1d') LIMIT_MAIL_ACCOUNT!: Limit;

  override problems({ production }: Environment): Problem[] {
    if (!production || this.OTP_LENGTH >= 6) return [];
    return [{ key: 'OTP_LENGTH', reason: 'must be at least 6 in production' }];
  }

  /** Seconds to wait after the n-th send (1 for the first); the last entry repeats. */
  resendWaitSeconds(send: number): number {
    const waits = this.OTP_RESEND_SECONDS;
    return Number(waits[Math.min(send, waits.length) - 1] ?? 30);
  }

  /** How long a second challenge of the same purpose for the same number is delayed or refused: as long as the first resend wait. */
  get cooldownSeconds(): number {
    return this.resendWaitSeconds(1);
  }
}
