import { ApiProperty } from '@nestjs/swagger';
import { maskPhone } from '../platform/phone/phone-number';
import { secondFactorsOf, type UserAccount } from './users.types';

/** What a person sees of their own account. It is an allow-list: a column that is added to the table is not shown by itself. */
export class UserResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({
    nullable: true,
    type: String,
    example: '+1******0123',
    description: 'Masked; GET /v1/users/me?include=phone gives it in full. null: the account has lost it',
  })
  phone!: string | null;

  @ApiProperty({ nullable: true, type: String })
  email!: string | null;

  @ApiProperty()
  emailVerified!: boolean;

  @ApiProperty({ nullable: true, type: String })
  displayName!: string | null;

  @ApiProperty({ nullable: true, type: String })
  locale!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ isArray: true, enum: ['totp', 'sms', 'recovery_code'], example: ['sms'] })
  secondFactors!: string[];

  /** @param shown whether the number is given in full; only somebody who has just proved both factors may see that */
  static from(account: UserAccount, { phone: shown } = { phone: false }): UserResponse {
    return {
      id: account.id,
      phone: account.phone === null || shown ? account.phone : maskPhone(account.phone),
      email: account.email,
      emailVerified: account.emailVerifiedAt !== null,
      displayName: account.displayName,
      locale: account.locale,
      createdAt: account.createdAt.toISOString(),
      secondFactors: secondFactorsOf(account),
    };
  }
}
