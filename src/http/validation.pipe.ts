// Checks bodies, parameters and queries against their classes. Unknown fields are refused (case A81). All problems are reported at once, as
// pointers and codes; values that were sent are never repeated.
import {
  type ArgumentMetadata,
  type Type,
  type ValidationError,
  ValidationPipe,
  type ValidationPipeOptions,
} from '@nestjs/common';
import { AppError, type FieldError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { type QuickRequest, quickRequestOf } from './quick-request';

const FINDINGS_TOLD = 20;
/** An unknown field with a name of this form is named in the refusal; of any other the parent is named. */
const PLAIN_NAME = /^\w{1,64}$/;

/** Asks class-transformer and class-validator only about requests that are not obviously right, since they take a few dozen times as long. */
class QuickValidationPipe extends ValidationPipe {
  private readonly known = new Map<Type, QuickRequest>();

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const made = this.plainlyRight(value, metadata);
    return made === undefined ? super.transform(value, metadata) : Promise.resolve(made);
  }

  protected override validate(object: object, options?: ValidationPipeOptions) {
    return this.quick(object.constructor as Type).isRight(object) ? [] : super.validate(object, options);
  }

  private plainlyRight(value: unknown, { metatype, type }: ArgumentMetadata): object | undefined {
    if (type !== 'body' || metatype === undefined || !isRecord(value)) return undefined;
    const { make, isRight } = this.quick(metatype);
    const made = make(value);
    return made !== undefined && isRight(made) ? made : undefined;
  }

  private quick(type: Type): QuickRequest {
    let quick = this.known.get(type);
    if (quick === undefined) {
      quick = quickRequestOf(type);
      this.known.set(type, quick);
    }
    return quick;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
