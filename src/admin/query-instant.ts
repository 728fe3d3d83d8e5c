// Reads instants in the query of a list or period.
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, MaxLength, ValidateBy } from 'class-validator';

/** Only these forms are accepted. ISO 8601 has others that Date cannot read: weeks, days of the year, no hyphens, hours alone, a comma. */
const calendar = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

const isInstant = {
  name: 'isIso8601',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && calendar.test(value) && !Number.isNaN(Date.parse(value)),
  },
};

export function QueryInstant(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ format: 'date-time', description }),
    IsOptional(),
    IsISO8601({ strict: true }),
    ValidateBy(isInstant),
    MaxLength(35),
  );
}

export function instantOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
