// What the routes of one's own account take. The bounds are those of registration.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { languageTag, printable } from '../platform/text/patterns';

export class MeReadRequest {
  @ApiPropertyOptional({ enum: ['phone'], description: 'The number in full; needs a fresh sign-in or step-up' })
  @IsOptional()
  @IsIn(['phone'])
  include?: 'phone';
}

/** Fields that are absent stay as they are. */
export class MeUpdateRequest {
  @ApiPropertyOptional({ maxLength: 100, nullable: true, type: String, description: 'null: none' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(printable)
  displayName?: string | null;

  @ApiPropertyOptional({ example: 'de-AT', nullable: true, type: String, description: 'BCP 47; null: none' })
  @IsOptional()
  @IsString()
  @MaxLength(35)
  @Matches(languageTag)
  locale?: string | null;
}
