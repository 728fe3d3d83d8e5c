import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { ClientFields } from '../client-fields.request';

export class LoginRequest extends ClientFields {
  @ApiProperty({ description: 'Phone in international form, or a verified e-mail address' })
  @IsString()
  identifier!: string;

  @ApiProperty()
  @IsString()
  password!: string;
}
