import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { ChallengeRequest } from '../second-factor/second-factor.request';

export class PasswordForgotRequest {
  @ApiProperty({ description: 'Phone in international form, or a verified e-mail address' })
  @IsString()
  identifier!: string;
}

export class PasswordResetRequest extends ChallengeRequest {
  @ApiProperty({ example: '012345', description: 'Digits as text; leading zeros count' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;

  @ApiProperty({ minLength: 12, description: 'Any characters; at most 128' })
  @IsString()
  newPassword!: string;
}
