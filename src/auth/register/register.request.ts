import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsEmailAddress } from '../../platform/email/is-email-address.decorator';
import { DISPLAY_NAME_MAX, printable, termsVersionForm } from '../../platform/text/patterns';
import { GateToken } from '../challenge-gate/gate-token.decorator';
import { ClientFields } from '../client-fields.request';

export class RegisterRequest extends ClientFields {
  @ApiProperty({ example: '+12025550123', description: 'International form; spaces and -.() are ignored' })
  @IsString()
  phone!: string;

  @ApiProperty({
    minLength: 8,
    description: 'Any characters, as many as PASSWORD_MIN_LENGTH says (12 unless set); at most 128',
  })
  @IsString()
  password!: string;

  @ApiPropertyOptional({ description: 'A note until it is verified: neither unique nor a login name' })
  @IsOptional()
  @IsEmailAddress()
  email?: string;

  @ApiPropertyOptional({ maxLength: DISPLAY_NAME_MAX })
  @IsOptional()
  @IsString()
  @MaxLength(DISPLAY_NAME_MAX)
  @Matches(printable)
  displayName?: string;

  @ApiPropertyOptional({ example: 'iv_…', description: 'Needed where registration is by invitation' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  inviteToken?: string;

  @ApiPropertyOptional({
    maxLength: 32,
    description: 'The terms that the person has accepted; needed where the server has terms',
  })
  @IsOptional()
  @IsString()
  @Matches(termsVersionForm)
  termsVersion?: string;

  @GateToken()
  gateToken?: string;
}
