import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { GateToken } from '../challenge-gate/gate-token.decorator';
import { ChallengeRequest, recoveryCode } from '../second-factor/second-factor.request';

export class PasswordForgotRequest {
  @ApiProperty({ description: 'Phone in international form, or a verified e-mail address' })
  @IsString()
  identifier!: string;

  @GateToken()
  gateToken?: string;
}

export class PasswordResetRequest extends ChallengeRequest {
  @ApiProperty({ example: '012345', description: 'Digits as text; leading zeros count' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;

  @ApiPropertyOptional({ example: '123456', description: 'Of the authenticator app, where the account has one' })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9]{6}$/)
  totpCode?: string;

  @ApiPropertyOptional({ example: 'ABCD-EFGH-IJKL-2345', description: 'In place of the app; used up' })
  @IsOptional()
  @IsString()
  @Matches(recoveryCode)
  recoveryCode?: string;

  @ApiPropertyOptional({
    example: '012345',
    description: 'From the mail, where the account has a proved e-mail address',
  })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  emailCode?: string;

  @ApiProperty({
    minLength: 8,
    description: 'Any characters, as many as PASSWORD_MIN_LENGTH says (12 unless set); at most 128',
  })
  @IsString()
  newPassword!: string;
}
