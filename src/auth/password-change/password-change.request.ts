import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

export class PasswordChangeRequest {
  @ApiProperty()
  @IsString()
  currentPassword!: string;

  @ApiProperty({ minLength: 12, description: 'Any characters; at most 128; not the current one' })
  @IsString()
  newPassword!: string;
}
