import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { WhenNamed } from '../../platform/request/when-named.decorator';

export class RefreshRequest {
  @ApiPropertyOptional({ description: 'As received with the tokens; replaced by the answer. Absent in cookie mode' })
  @WhenNamed()
  @IsString()
  refreshToken?: string;
}

export class LogoutRequest {
  @ApiPropertyOptional({ description: 'Of the session to end; with it no access token is needed' })
  @IsOptional()
  @IsString()
  refreshToken?: string;
}
