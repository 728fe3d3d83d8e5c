// Fields about the client that the first request of a flow may contain. The challenge keeps them, so verify need not repeat them.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { LANGUAGE_TAG_MAX, languageTag, printable } from '../platform/text/patterns';
import { clientIdForm } from './clients/client.policy';

export class ClientFields {
  @ApiPropertyOptional({ example: 'de-AT', description: 'BCP 47' })
  @IsOptional()
  @IsString()
  @MaxLength(LANGUAGE_TAG_MAX)
  @Matches(languageTag)
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
