// The shapes of requests about client apps. src/auth/clients says which values are allowed, for the command line as well.
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { clientScopes } from '../../platform/request/api-key.decorator';
import { WhenNamed } from '../../platform/request/when-named.decorator';

const TEXT_MAX = 256;

class ClientSettingsFields {
  @ApiPropertyOptional({ example: 'https://api.shop.example', description: 'Claim aud of its access tokens' })
  @WhenNamed()
  @IsString()
  @MaxLength(TEXT_MAX)
  audience?: string;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 60,
    maximum: 3600,
    description: 'null: ACCESS_TOKEN_TTL_SECONDS of the server',
  })
  @IsOptional()
  @IsInt()
  accessTokenTtlSeconds?: number | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['https://shop.example'],
    description: 'Origins of its pages, which may call us from a browser (CORS)',
  })
  @WhenNamed()
  @IsArray()
  @IsString({ each: true })
  @MaxLength(TEXT_MAX, { each: true })
  allowedOrigins?: string[];

  @ApiPropertyOptional({
    type: [String],
    example: ['https://shop.example/signed-in'],
    description: 'Where the hosted pages may send people back to, exact',
  })
  @WhenNamed()
  @IsArray()
  @IsString({ each: true })
  @MaxLength(TEXT_MAX, { each: true })
  redirectUris?: string[];

  @ApiPropertyOptional({ isArray: true, enum: clientScopes, description: 'What its API key is good for' })
  @WhenNamed()
  @IsArray()
  @IsString({ each: true })
  @MaxLength(TEXT_MAX, { each: true })
  scopes?: string[];
}

export class UpdateClientRequest extends ClientSettingsFields {
  @ApiPropertyOptional({ example: 'Shop', maxLength: 100 })
  @WhenNamed()
  @IsString()
  @MaxLength(TEXT_MAX)
  name?: string;
}

export class CreateClientRequest extends ClientSettingsFields {
  @ApiProperty({ example: 'Shop', maxLength: 100 })
  @IsString()
  @MaxLength(TEXT_MAX)
  name!: string;

  @ApiPropertyOptional({ example: 'shop-web', description: 'Cannot be changed later; made up when absent' })
  @WhenNamed()
  @IsString()
  @MaxLength(TEXT_MAX)
  clientId?: string;
}
