import { Injectable } from '@nestjs/common';
import type { Method } from '../../otp/otp.types';
import type { SecondFactorMethod } from './method';
import { EmailMethod } from './methods/email.method';
import { RecoveryCodeMethod } from './methods/recovery-code.method';
import { SmsMethod } from './methods/sms.method';
import { TotpMethod } from './methods/totp.method';

/** What answers a challenge here. Another method is a file beside these and a line here. */
@Injectable()
export class SecondFactorMethods implements Readonly<Record<Method, SecondFactorMethod>> {
  constructor(
    readonly sms: SmsMethod,
    readonly email: EmailMethod,
    readonly totp: TotpMethod,
    // Named as the contract names it.
    readonly recovery_code: RecoveryCodeMethod,
  ) {}
}
