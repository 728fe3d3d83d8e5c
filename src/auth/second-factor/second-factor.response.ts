import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge.types';
import { UserResponse } from '../../users/user-response.types';

export class TokensResponse {
  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';

  @ApiProperty({ description: 'JWT, ES256, type at+jwt (RFC 9068)' })
  accessToken!: string;

  @ApiProperty({ description: 'Seconds' })
  expiresIn!: number;

  @ApiPropertyOptional({ description: 'Opaque; rotates on use' })
  refreshToken?: string;

  @ApiPropertyOptional({ description: 'Seconds' })
  refreshExpiresIn?: number;

  @ApiProperty({ type: UserResponse })
  user!: UserResponse;
}

export class StatusResponse extends ChallengeResponse {
  @ApiProperty({ enum: ['pending', 'verified', 'expired', 'locked', 'superseded'] })
  state!: string;

  @ApiProperty({ enum: ['none', 'queued', 'sent', 'delivered', 'failed'] })
  delivery!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  deliveryUpdatedAt!: string | null;

  @ApiProperty({ isArray: true, enum: ['verify', 'wait', 'resend_sms', 'resend_voice', 'restart'] })
  next!: string[];
}
