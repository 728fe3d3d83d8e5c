import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { canonicalEmail } from './email-address';

const isEmailAddress = {
  name: 'isEmail',
  validator: { validate: (value: unknown) => typeof value === 'string' && canonicalEmail(value) === value },
};

/** For a field of a request: it must be an e-mail address, and is passed on in its canonical form. */
export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (canonicalEmail(value) ?? '') : value)),
    ValidateBy(isEmailAddress),
  );
}
