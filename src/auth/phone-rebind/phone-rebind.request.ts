import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { ChallengeRequest } from '../second-factor/second-factor.request';

export class PhoneRebindRequest extends ChallengeRequest {
  @ApiProperty({ example: '012345', description: 'From the new number' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;
}
