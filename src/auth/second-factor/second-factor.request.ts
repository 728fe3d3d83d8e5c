import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class ChallengeRequest {
  @ApiProperty({ description: 'As received with the challenge' })
  @IsString()
  @MaxLength(256)
  challengeToken!: string;
}

export class VerifyRequest extends ChallengeRequest {
  @ApiProperty({ example: '012345', description: 'Digits as text; leading zeros count' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;

  @ApiPropertyOptional({ enum: ['sms'] })
  @IsOptional()
  @IsIn(['sms'])
  method?: string;
}

export class ResendRequest extends ChallengeRequest {
  @ApiPropertyOptional({ enum: ['sms', 'voice'] })
  @IsOptional()
  @IsIn(['sms', 'voice'])
  channel?: 'sms' | 'voice';
}
