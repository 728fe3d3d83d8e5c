import { ValidateIf } from 'class-validator';

/** A field may be left out, but null is no value for it: @IsOptional would let null pass. */
export function WhenNamed(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
