import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';

export class TotpConfirmRequest {
  @ApiProperty({ example: '012345', description: 'The six digits the app shows' })
  @IsString()
  @Matches(/^[0-9]{6}$/)
  code!: string;
}
