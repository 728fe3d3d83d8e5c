import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { TOKEN_MAX } from '../../platform/text/patterns';
import { ClientFields } from '../client-fields.request';

export class LoginRequest extends ClientFields {
  @ApiProperty({ description: 'Phone in international form, or a verified e-mail address' })
  @IsString()
  identifier!: string;

  @ApiProperty()
  @IsString()
  password!: string;

  @ApiPropertyOptional({
    description: 'Of an earlier sign-in, in body mode. One that is not trusted any more is passed over',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TOKEN_MAX)
  trustedDeviceToken?: string;
}
