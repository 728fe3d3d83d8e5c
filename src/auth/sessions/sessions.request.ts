import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, ValidateIf } from 'class-validator';

export class RefreshRequest {
  @ApiPropertyOptional({ description: 'As received with the tokens; works once. Absent in cookie mode' })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  refreshToken?: string;
}

export class LogoutRequest {
  @ApiPropertyOptional({ description: 'Of the session to end; with it no access token is needed' })
  @IsOptional()
  @IsString()
  refreshToken?: string;
}
