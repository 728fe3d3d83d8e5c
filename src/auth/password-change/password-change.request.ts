import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

export class PasswordChangeRequest {
  @ApiProperty()
  @IsString()
  currentPassword!: string;

  @ApiProperty({
    minLength: 8,
    description:
      'Any characters, as many as PASSWORD_MIN_LENGTH says (12 unless set); at most 128; not the current one',
  })
  @IsString()
  newPassword!: string;
}
