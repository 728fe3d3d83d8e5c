// Fields that the first request of a flow may carry about the client; kept by the challenge, so that verify need not repeat them.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { clientIdForm } from './clients/client.policy';

/** No control characters: these texts end up in lists and log lines (A86). */
export const printable = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

export class ClientFields {
  @ApiPropertyOptional({ example: 'de-AT', description: 'BCP 47' })
  @IsOptional()
  @IsString()
  @MaxLength(35)
  @Matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/)
  locale?: string;

  @ApiPropertyOptional({ example: 'shop-web', description: 'The client app the tokens are for; our own when absent' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(clientIdForm)
  clientId?: string;

  @ApiPropertyOptional({ example: 'Pixel 9', maxLength: 256 })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  @Matches(printable)
  deviceName?: string;

  @ApiPropertyOptional({
    enum: ['body', 'cookie'],
    default: 'body',
    description: 'cookie: the refresh token goes into the cookie __Host-rt and into no body; for pages in a browser',
  })
  @IsOptional()
  @IsIn(['body', 'cookie'])
  tokenDelivery?: 'body' | 'cookie';
}
