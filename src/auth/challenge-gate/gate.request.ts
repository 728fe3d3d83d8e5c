import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { type GatePurpose, gatePurposes } from './gate.types';

export class GateQuery {
  @ApiProperty({ enum: gatePurposes, description: 'What is to be done behind it' })
  @IsIn(gatePurposes)
  purpose!: GatePurpose;
}
