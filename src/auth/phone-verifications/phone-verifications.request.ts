import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { LANGUAGE_TAG_MAX, languageTag } from '../../platform/text/patterns';

export class PhoneVerificationRequest {
  @ApiProperty({ example: '+12025550123', description: 'International form; spaces and -.() are ignored' })
  @IsString()
  phone!: string;

  @ApiPropertyOptional({ enum: ['sms', 'voice'] })
  @IsOptional()
  @IsIn(['sms', 'voice'])
  channel?: 'sms' | 'voice';

  @ApiPropertyOptional({ example: 'de-AT', description: 'BCP 47' })
  @IsOptional()
  @IsString()
  @MaxLength(LANGUAGE_TAG_MAX)
  @Matches(languageTag)
  locale?: string;
}

export class PhoneVerificationCheckRequest {
  @ApiProperty({ description: 'As received with the challenge' })
  @IsString()
  challengeToken!: string;

  @ApiProperty({ example: '012345', description: 'Digits as text; leading zeros count' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;
}
