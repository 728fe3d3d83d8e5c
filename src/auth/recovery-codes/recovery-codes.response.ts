import { ApiProperty } from '@nestjs/swagger';

/** Shown once: the codes cannot be asked for again. */
export class RecoveryCodesResponse {
  @ApiProperty({ type: [String], minItems: 10, maxItems: 10, example: ['ABCD-EFGH-IJKL-2345'] })
  codes!: string[];
}

export class RemainingCodesResponse {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 10, description: 'With fewer than 3, offer a new set' })
  remaining!: number;
}
