import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';

/** The version of the terms that the person accepts. */
export class TermsRequest {
  @ApiProperty({ maxLength: 32, description: 'The version that is accepted; it must be the current one' })
  @IsString()
  @Matches(/^[A-Za-z0-9._-]{1,32}$/)
  termsVersion!: string;
}
