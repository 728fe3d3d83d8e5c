import { ApiProperty } from '@nestjs/swagger';

export class PhoneRebindResponse {
  @ApiProperty({
    format: 'date-time',
    description: 'When the number signs in, unless somebody signs in to the account before',
  })
  movesAt!: string;
}
