import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { termsVersionForm } from '../../platform/text/patterns';

/** The version of the terms that the person accepts. */
export class TermsRequest {
  @ApiProperty({
    maxLength: 32,
    description: 'The version that is accepted: the current one, where the server has terms',
  })
  @IsString()
  @Matches(termsVersionForm)
  termsVersion!: string;
}
