import { ApiProperty } from '@nestjs/swagger';
import type { CodeChannel } from './otp.types';

/** What a client holds of a challenge (design section 2, Challenge). Shared by every flow that asks for a code. */
export class ChallengeResponse {
  @ApiProperty({ description: 'Opaque; the only way to this challenge. Keep it secret.' })
  challengeToken!: string;

  @ApiProperty({
    enum: ['register', 'login', 'step_up', 'reset', 'phone_change', 'email_change', 'phone_verification'],
  })
  purpose!: string;

  @ApiProperty({ enum: ['sms', 'voice', 'email'] })
  channel!: CodeChannel;

  @ApiProperty({
    example: '+1******0123',
    nullable: true,
    type: String,
    description: 'The number or the address, masked; null at a reset by address, which shows neither',
  })
  destination!: string | null;

  @ApiProperty({
    isArray: true,
    enum: ['totp', 'sms', 'recovery_code', 'email'],
    description: 'In order of preference. With totp first, no message is sent before otp/resend asks for it',
    example: ['sms'],
  })
  methods!: string[];

  @ApiProperty({ example: ['sms'], description: 'What otp/resend may send by' })
  channels!: string[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'Of the code by message; null when the vendor makes it and its length is not configured. Codes of apps have 6 digits',
  })
  codeLength!: number | null;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Seconds until otp/resend is accepted, while the challenge is pending; null when no send is left',
  })
  resendAfter!: number | null;

  @ApiProperty({ type: 'integer' })
  attemptsLeft!: number;
}
