// The form of RFC 7662 section 2.1 and RFC 7009 section 2.1. Other parameters are passed over, as RFC 6749 section 3.2 demands:
// the one place where an unknown field is not refused.
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';

export class OauthTokenRequest {
  @ApiProperty({ description: 'An access or a refresh token' })
  token!: string;

  @ApiPropertyOptional({ description: 'Not needed: a token says of what kind it is' })
  token_type_hint?: string;

  /** @throws AppError validation_failed without a token */
  static from(form: Readonly<Record<string, unknown>> | undefined): OauthTokenRequest {
    const token = form?.['token'];
    if (typeof token === 'string') return { token };
    throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/token', code: 'required' }] });
  }
}
