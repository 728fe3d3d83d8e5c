import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { IsEmailAddress } from '../../platform/email/is-email-address.decorator';
import { ChallengeRequest } from '../second-factor/second-factor.request';

export class EmailChangeRequest {
  @ApiProperty({ example: 'jane@example.com', description: 'Letters before the @ are ASCII; capitals are made small' })
  @IsEmailAddress()
  email!: string;
}

export class EmailConfirmRequest extends ChallengeRequest {
  @ApiProperty({ example: '012345', description: 'From the mail' })
  @IsString()
  @Matches(/^[0-9]{4,10}$/)
  code!: string;
}
