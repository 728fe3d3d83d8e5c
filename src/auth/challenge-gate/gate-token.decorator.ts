// The field for the gate token in every request behind the gate. Its length suffices for tokens of both vendors and for solved puzzles.
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

export function GateToken(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      maxLength: 8192,
      description:
        'Where a gate has to be passed (GET /v1/auth/gate, or 403 gate_required): the token of the widget, or the puzzle, a dot and the number found',
    }),
    IsOptional(),
    Matches(/^[\x21-\x7e]{1,8192}$/),
  );
}
