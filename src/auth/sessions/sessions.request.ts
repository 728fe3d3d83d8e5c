import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';

/** Wide enough for a token of any other kind: that is told as a wrong token, not as a malformed request (A29). */
const TOKEN_CHARACTERS = 4096;

export class RefreshRequest {
  @ApiPropertyOptional({ description: 'As received with the tokens; works once. Absent in cookie mode' })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(TOKEN_CHARACTERS)
  refreshToken?: string;
}

export class LogoutRequest {
  @ApiPropertyOptional({ description: 'Of the session to end; with it no access token is needed' })
  @IsOptional()
  @IsString()
  @MaxLength(TOKEN_CHARACTERS)
  refreshToken?: string;
}
