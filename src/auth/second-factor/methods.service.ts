import { Injectable } from '@nestjs/common';
import type { Method } from '../../otp/otp.types';
import type { SecondFactorMethod } from './method';
import { EmailMethod } from './methods/email.method';
import { RecoveryCodeMethod } from './methods/recovery-code.method';
import { SmsMethod } from './methods/sms.method';
import { TotpMethod } from './methods/totp.method';

/** The methods that can answer a challenge. To add one, make a file beside these and a line here. */
@Injectable()
export class SecondFactorMethods implements Readonly<Record<Method, SecondFactorMethod>> {
  constructor(
    readonly sms: SmsMethod,
    readonly email: EmailMethod,
    readonly totp: TotpMethod,
    // Its name is the one in the API.
    readonly recovery_code: RecoveryCodeMethod,
  ) {}
}
