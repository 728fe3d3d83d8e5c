import { ApiProperty } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';

export class StatusResponse extends ChallengeResponse {
  @ApiProperty({ enum: ['pending', 'verified', 'expired', 'locked', 'superseded'] })
  state!: string;

  @ApiProperty({
    enum: ['none', 'queued', 'sent', 'delivered', 'failed'],
    description: 'Of the newest message. none: no message was asked for; sent: a vendor has taken it',
  })
  delivery!: string;

  @ApiProperty({
    enum: ['undelivered', 'opted_out'],
    nullable: true,
    type: String,
    description:
      'undelivered: sent, and not arrived. opted_out, only after the password was proved: the number has told our senders to stop.',
  })
  deliveryFailure!: string | null;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  deliveryUpdatedAt!: string | null;

  @ApiProperty({
    format: 'date-time',
    nullable: true,
    type: String,
    description: 'Codes of messages sent before this are void: another vendor checks them now. null while none is.',
  })
  codesVoidBefore!: string | null;

  @ApiProperty({
    isArray: true,
    enum: ['verify', 'wait', 'resend_sms', 'resend_voice', 'resend_email', 'restart'],
    description:
      'What to offer now, the best first. verify: a field for the code; wait: a resend is not possible yet, or no more; resend_…: otp/resend by that channel; restart: begin again. Empty once verified.',
  })
  next!: string[];
}
