// A fast way to read a body whose class is simple: makes the request's object by copying, and recognises one that keeps every rule. What
// class-transformer and class-validator know of a class is collected once per class instead of once per request. Invariant: it never makes
// another object than class-transformer would, and never passes one that class-validator would refuse. In every case that it does not
// understand, those two decide.
import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Rule = (value: unknown, object: object) => boolean;

interface Rules {
  readonly property: string;
  /** The other rules count only when all of these hold: @IsOptional, @ValidateIf. */
  readonly conditions: readonly Rule[];
  readonly rules: readonly Rule[];
}

const CONDITION = 'conditionalValidation';
const CUSTOM = 'customValidation';

type RequestType = new () => object;

export interface QuickRequest {
  /** @returns undefined where class-transformer would do more than copy; then it has to make the object */
  readonly make: (body: object) => object | undefined;
  /** @returns false also where class-validator has to decide: for rules of an unknown kind, and for a class without any rule */
  readonly isRight: (object: object) => boolean;
}

const nothing = () => undefined;
const never = () => false;

export function quickRequestOf(type: RequestType): QuickRequest {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const properties = [...new Set(metadata.map(({ propertyName }) => propertyName))];
  const isPlain =
    defaultMetadataStorage.getStrategy(type) === 'none' && properties.every((name) => isCopied(type, name));
  const isKnownWhole = metadata.length > 0 && metadata.every(isKnown);
  return { make: isPlain ? copierOf(type) : nothing, isRight: isKnownWhole ? checkOf(properties, metadata) : never };
}

function copierOf(type: RequestType): QuickRequest['make'] {
  return (body) => {
    const request: Record<string, unknown> = new type() as Record<string, unknown>;
    for (const [key, value] of Object.entries(body)) {
      // class-transformer copies nested objects, and leaves methods out.
      if ((typeof value === 'object' && value !== null) || typeof request[key] === 'function') return undefined;
      request[key] = value;
    }
    return request;
  };
}

/** Whether class-transformer would only copy this field. */
function isCopied(type: RequestType, property: string): boolean {
  const { PLAIN_TO_CLASS } = TransformationType;
  return (
    defaultMetadataStorage.findTypeMetadata(type, property) === undefined &&
    defaultMetadataStorage.findExposeMetadata(type, property) === undefined &&
    defaultMetadataStorage.findExcludeMetadata(type, property) === undefined &&
    defaultMetadataStorage.findTransformMetadatas(type, property, PLAIN_TO_CLASS).length === 0
  );
}

function checkOf(properties: readonly string[], metadata: readonly Metadata[]): QuickRequest['isRight'] {
  const all = properties.map((property) => rulesOf(property, metadata));
  const known = new Set(properties);
  return (object) => Object.keys(object).every((key) => known.has(key)) && all.every((rules) => areKept(rules, object));
}

function areKept({ property, conditions, rules }: Rules, object: object): boolean {
  const value: unknown = object[property as keyof typeof object];
  return !conditions.every((isMet) => isMet(value, object)) || rules.every((isKept) => isKept(value, object));
}

function rulesOf(property: string, all: readonly Metadata[]): Rules {
  const own = all.filter(({ propertyName }) => propertyName === property);
  const of = (kind: string) => own.filter(({ type }) => type === kind);
  return {
    property,
    conditions: of(CONDITION).map(({ constraints }) => {
      const [condition] = constraints as [(object: object, value: unknown) => boolean];
      return (value, object) => condition(object, value);
    }),
    rules: of(CUSTOM).flatMap((one) => constraintsOf(one).map(({ instance }) => ruleOf(one, instance))),
  };
}

function ruleOf(
  { constraints, propertyName: property, each }: Metadata,
  constraint: ValidatorConstraintInterface,
): Rule {
  const isKept = (value: unknown, object: object): boolean => {
    const given: ValidationArguments = { value, object, property, constraints, targetName: object.constructor.name };
    // A promise counts as false, because its result comes later.
    return constraint.validate(value, given) === true;
  };
  if (!each) return isKept;
  return (value, object) =>
    Array.isArray(value) ? value.every((item) => isKept(item, object)) : isKept(value, object);
}

function constraintsOf({ constraintCls }: Metadata) {
  return getMetadataStorage().getTargetValidatorConstraints(constraintCls);
}

function isKnown(metadata: Metadata): boolean {
  if (metadata.type === CONDITION) return true;
  if (metadata.type !== CUSTOM || metadata.validateIf !== undefined) return false;
  // Undefined for a rule without options, whatever its type says.
  const groups = metadata.groups as readonly string[] | undefined;
  return (groups ?? []).length === 0 && constraintsOf(metadata).every(({ async }) => !async);
}
