import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { TOKEN_MAX } from '../../platform/text/patterns';

export class RefreshRequest {
  @ApiPropertyOptional({ description: 'As received with the tokens; works once. Absent in cookie mode' })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(TOKEN_MAX)
  refreshToken?: string;
}

export class LogoutRequest {
  @ApiPropertyOptional({ description: 'Of the session to end; with it no access token is needed' })
  @IsOptional()
  @IsString()
  @MaxLength(TOKEN_MAX)
  refreshToken?: string;
}
