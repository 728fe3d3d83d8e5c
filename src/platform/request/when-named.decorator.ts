import { ValidateIf } from 'class-validator';

/** The field may be absent, but not null, which @IsOptional would accept. */
export function WhenNamed(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
