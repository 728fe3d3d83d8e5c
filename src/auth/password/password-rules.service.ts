// Applies the password policy to a new password and throws the codes of security.md 5.7. For register, change and reset. Not used at login, where a
// wrong password is just wrong.
import { Injectable } from '@nestjs/common';
import { ProductConfig } from '../../config/product.config';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { madeOnce } from '../../platform/memory/made-once';
import type { PhoneNumber } from '../../platform/phone/phone-number';
import { PublicUrl } from '../../platform/request/public-url';
import { BreachedPasswords } from './breached-passwords.service';
import { commonPasswords } from './common-passwords';
import { PasswordConfig } from './password.config';
import { passwordErrors } from './password.errors';
import { faultOf, PasswordFault } from './password.policy';

@Injectable()
export class PasswordRulesService {
  private readonly common = madeOnce(() => commonPasswords(this.config.PASSWORD_MIN_LENGTH));

  constructor(
    private readonly config: PasswordConfig,
    private readonly product: ProductConfig,
    private readonly publicUrl: PublicUrl,
    private readonly breached: BreachedPasswords,
  ) {}

  /**
   * @param of whose password it will be, and the pointer to its field in the request
   * @throws AppError validation_failed, password_too_short, password_too_long, password_blocklisted
   */
  async demandAcceptable(
    password: string,
    of: { readonly phone?: PhoneNumber; readonly pointer: string },
  ): Promise<void> {
    const { phone } = of;
    const common = await this.common();
    const fault = faultOf(password, {
      minLength: this.config.PASSWORD_MIN_LENGTH,
      contextWords: this.contextWords(),
      phoneDigits: phone === undefined ? [] : [phone.e164.slice(1), phone.nationalDigits],
      isCommon: (folded) => common.has(folded),
    });
    if (fault !== undefined) throw refusal(fault, of.pointer);
    if (await this.breached.includes(password)) throw refusal('blocklisted', of.pointer);
  }

  private contextWords(): string[] {
    const name = this.product.APP_NAME;
    const words = ['latchkey', 'password', name, name.replace(/[ .-]/g, '')];
    return [...words, new URL(this.publicUrl.origin).hostname];
  }
}

function refusal(fault: PasswordFault, pointer: string): AppError {
  switch (fault) {
    case 'ill_formed':
      return new AppError(platformErrors.validation_failed, { errors: [{ pointer, code: 'ill_formed' }] });
    case 'too_short':
      return new AppError(passwordErrors.password_too_short);
    case 'too_long':
      return new AppError(passwordErrors.password_too_long);
    case 'blocklisted':
      return new AppError(passwordErrors.password_blocklisted);
  }
}
