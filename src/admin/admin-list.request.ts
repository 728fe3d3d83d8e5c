import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
const CURSOR_MAX = 256;

/** Which page of a list is wanted. */
export class AdminListRequest {
  @ApiPropertyOptional({ maxLength: CURSOR_MAX, description: 'nextCursor of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(CURSOR_MAX)
  @Matches(/^[ -~]*$/)
  cursor?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(PAGE_MAX)
  limit?: number;
}
