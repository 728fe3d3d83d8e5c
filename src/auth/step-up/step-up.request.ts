import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

export class StepUpRequest {
  @ApiProperty({ description: 'The password of the person who is signed in' })
  @IsString()
  password!: string;
}
