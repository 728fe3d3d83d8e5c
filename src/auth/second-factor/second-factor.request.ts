import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, ValidateBy } from 'class-validator';

/** A token's length is not the request's form: what is none of ours, or of another kind, is a wrong token (A29). */
export class ChallengeRequest {
  @ApiProperty({ description: 'As received with the challenge' })
  @IsString()
  challengeToken!: string;
}

const digits = /^[0-9]{4,10}$/;
/** Four groups of four, their dashes optional. */
export const recoveryCode = /^[A-Z2-7]{4}(-?[A-Z2-7]{4}){3}$/;

export class VerifyRequest extends ChallengeRequest {
  @ApiProperty({
    example: '012345',
    pattern: `${digits.source}|${recoveryCode.source}`,
    description:
      'Digits as text, leading zeros count; of a recovery code its 16 capital letters and digits, with or without dashes',
  })
  @IsString()
  @ValidateBy({ name: 'matches', validator: { validate: (code, args) => isCode(code, args?.object as VerifyRequest) } })
  code!: string;

  @ApiPropertyOptional({
    enum: ['sms', 'email', 'totp', 'recovery_code'],
    description: 'What the code is of, one of the methods of the challenge; sms unless told',
  })
  @IsOptional()
  @IsIn(['sms', 'email', 'totp', 'recovery_code'])
  method?: 'sms' | 'email' | 'totp' | 'recovery_code';

  @ApiPropertyOptional({
    description:
      'At a registration or login: the next login of this device needs the password only. Asked of the person, never assumed',
  })
  @IsOptional()
  @IsBoolean()
  trustDevice?: boolean;
}

function isCode(code: unknown, { method }: VerifyRequest): boolean {
  return typeof code === 'string' && (method === 'recovery_code' ? recoveryCode : digits).test(code);
}

export class ResendRequest extends ChallengeRequest {
  @ApiPropertyOptional({
    enum: ['sms', 'voice'],
    description: 'Absent: the channel of the challenge, which is the only way to have a code mailed again',
  })
  @IsOptional()
  @IsIn(['sms', 'voice'])
  channel?: 'sms' | 'voice';
}
