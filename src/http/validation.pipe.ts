// Bodies, parameters and queries against their classes: unknown fields are refused (case A81), all findings at once, as
// pointers and codes; what was sent is never repeated.
import { type Type, type ValidationError, ValidationPipe, type ValidationPipeOptions } from '@nestjs/common';
import { AppError, type FieldError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { quickCheckOf } from './quick-check';

const FINDINGS_TOLD = 20;
/** A name of this form is worth repeating; any other unknown field is told at its parent. */
const PLAIN_NAME = /^\w{1,64}$/;

/** Asks class-validator only about what is not plainly right: it takes a few dozen times as long to say so. */
class QuickValidationPipe extends ValidationPipe {
  private readonly checks = new Map<Type, ReturnType<typeof quickCheckOf>>();

  protected override validate(object: object, options?: ValidationPipeOptions) {
    return this.isRight(object) ? [] : super.validate(object, options);
  }

  private isRight(object: object): boolean {
    const type = object.constructor as Type;
    if (!this.checks.has(type)) this.checks.set(type, quickCheckOf(type));
    return this.checks.get(type)?.(object) === true;
  }
}

export function createValidationPipe(): ValidationPipe {
  return new QuickValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: validationFailed,
  });
}

function validationFailed(findings: ValidationError[]): AppError {
  const errors = findings.flatMap((finding) => fieldErrors(finding, '')).slice(0, FINDINGS_TOLD);
  return new AppError(platformErrors.validation_failed, { errors });
}

function fieldErrors(finding: ValidationError, parent: string): FieldError[] {
  const constraints = Object.keys(finding.constraints ?? {});
  const unknown = constraints.includes('whitelistValidation');
  const pointer = unknown && !PLAIN_NAME.test(finding.property) ? parent : `${parent}/${escaped(finding.property)}`;
  const own = constraints.map((constraint) => ({ pointer, code: codeOf(constraint, finding.value) }));
  return [...own, ...(finding.children ?? []).flatMap((child) => fieldErrors(child, pointer))];
}

function codeOf(constraint: string, value: unknown): string {
  if (constraint === 'whitelistValidation') return 'unknown_field';
  if (value === undefined) return 'required';
  return constraint.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** RFC 6901 section 3. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
