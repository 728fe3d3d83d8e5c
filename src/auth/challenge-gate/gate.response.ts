import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Gate, GateKind } from './gate.types';

/** The member `gate` of a refusal has the same form. */
class GateToPass {
  @ApiProperty({ enum: ['proof_of_work', 'turnstile', 'hcaptcha'] })
  kind!: GateKind;

  @ApiPropertyOptional({ description: 'Of the widget; not with proof_of_work' })
  siteKey?: string;

  @ApiPropertyOptional({ description: 'With proof_of_work' })
  puzzle?: string;

  @ApiPropertyOptional({
    type: 'integer',
    example: 18,
    description: 'With proof_of_work: SHA-256 of puzzle, dot and a decimal number has to begin with so many zero bits',
  })
  difficulty?: number;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of the puzzle' })
  expiresAt?: string;
}

export class GateResponse {
  @ApiProperty({ type: GateToPass, nullable: true, description: 'null: nothing has to be passed now' })
  gate!: GateToPass | null;

  static from(gate: Gate | undefined): GateResponse {
    return { gate: gate === undefined ? null : { ...gate } };
  }
}
