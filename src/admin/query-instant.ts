// Reads instants in the query of a list or period.
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, MaxLength, ValidateBy } from 'class-validator';
import { writtenInstant } from '../platform/time/written-instant';

const isInstant = {
  name: 'isIso8601',
  validator: { validate: (value: unknown) => typeof value === 'string' && writtenInstant(value) !== undefined },
};

export function QueryInstant(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ format: 'date-time', description }),
    IsOptional(),
    ValidateBy(isInstant),
    MaxLength(35),
  );
}

export function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : writtenInstant(text);
}
