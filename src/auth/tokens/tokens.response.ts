import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { UserResponse } from '../../users/user-response.types';

export class TokensResponse {
  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';

  @ApiProperty({ description: 'JWT, ES256, type at+jwt (RFC 9068)' })
  accessToken!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds' })
  expiresIn!: number;

  @ApiPropertyOptional({
    description: 'Opaque; rotates on use. Absent in cookie mode, where it is the cookie __Host-rt, and after a step-up',
  })
  refreshToken?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds. Absent after a step-up' })
  refreshExpiresIn?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'After a sign-in with a recovery code. Fewer than 3: offer a new set',
  })
  recoveryCodesLeft?: number;

  @ApiPropertyOptional({
    description:
      'Opaque, for trustedDeviceToken of the next login; rotates on use. Absent in cookie mode, where it is the cookie __Host-td, and unless the device is trusted',
  })
  trustedDeviceToken?: string;

  @ApiProperty({ type: UserResponse })
  user!: UserResponse;
}
