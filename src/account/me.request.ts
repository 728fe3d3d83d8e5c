// What the routes of one's own account take. The bounds are those of registration.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DISPLAY_NAME_MAX, LANGUAGE_TAG_MAX, languageTag, printable } from '../platform/text/patterns';

export class MeReadRequest {
  @ApiPropertyOptional({ enum: ['phone'], description: 'The number in full; needs a fresh sign-in or step-up' })
  @IsOptional()
  @IsIn(['phone'])
  include?: 'phone';
}

/** Fields that are absent stay as they are. */
export class MeUpdateRequest {
  @ApiPropertyOptional({ maxLength: DISPLAY_NAME_MAX, nullable: true, type: String, description: 'null: none' })
  @IsOptional()
  @IsString()
  @MaxLength(DISPLAY_NAME_MAX)
  @Matches(printable)
  displayName?: string | null;

  @ApiPropertyOptional({ example: 'de-AT', nullable: true, type: String, description: 'BCP 47; null: none' })
  @IsOptional()
  @IsString()
  @MaxLength(LANGUAGE_TAG_MAX)
  @Matches(languageTag)
  locale?: string | null;
}
