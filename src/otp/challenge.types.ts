import { ApiProperty } from '@nestjs/swagger';
import type { Channel } from '../sms/contract/provider';

/** What a client holds of a challenge (design section 2, Challenge). Shared by every flow that asks for a code. */
export class ChallengeResponse {
  @ApiProperty({ description: 'Opaque; the only way to this challenge. Keep it secret.' })
  challengeToken!: string;

  @ApiProperty({ enum: ['register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification'] })
  purpose!: string;

  @ApiProperty({ enum: ['sms', 'voice'] })
  channel!: Channel;

  @ApiProperty({
    example: '+1******0123',
    nullable: true,
    type: String,
    description: 'null when the caller named no number',
  })
  destination!: string | null;

  @ApiProperty({ description: 'In order of preference.', example: ['sms'] })
  methods!: string[];

  @ApiProperty({ example: ['sms'] })
  channels!: string[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'null when the vendor makes the code and its length is not configured',
  })
  codeLength!: number | null;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Seconds until otp/resend is accepted; null when no send is left',
  })
  resendAfter!: number | null;

  @ApiProperty({ type: 'integer' })
  attemptsLeft!: number;
}
