import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { termsVersionForm } from '../../platform/text/patterns';

/** The version of the terms that the person accepts. */
export class TermsRequest {
  @ApiProperty({ maxLength: 32, description: 'The version that is accepted; it must be the current one' })
  @IsString()
  @Matches(termsVersionForm)
  termsVersion!: string;
}
