import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
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
  trustedDeviceToken?: string;
}
