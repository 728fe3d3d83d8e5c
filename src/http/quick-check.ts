// Says yes, quickly, to what keeps every rule of its class: class-validator's own rules, gathered once per class instead of once per
// request. Invariant: it never refuses and never accepts what class-validator would not; whatever it cannot say, that one is asked.
import { getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Rule = (value: unknown, object: object) => boolean;

interface Rules {
  readonly property: string;
  /** All must hold for the others to be asked: @IsOptional, @ValidateIf. */
  readonly conditions: readonly Rule[];
  readonly rules: readonly Rule[];
}

const CONDITION = 'conditionalValidation';
const CUSTOM = 'customValidation';

/** @returns undefined for a class with rules of a kind that is not known here, or without any */
export function quickCheckOf(
  type: abstract new (...given: never[]) => object,
): ((object: object) => boolean) | undefined {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  if (metadata.length === 0 || !metadata.every(isKnown)) return undefined;
  const all = [...new Set(metadata.map(({ propertyName }) => propertyName))].map((property) =>
    rulesOf(property, metadata),
  );
  const properties = new Set(all.map(({ property }) => property));
  return (object) =>
    Object.keys(object).every((key) => properties.has(key)) && all.every((rules) => areKept(rules, object));
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
    // Not a promise: its answer would come later.
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
  // Undefined where a rule has options, whatever its type says.
  const groups = metadata.groups as readonly string[] | undefined;
  return (groups ?? []).length === 0 && constraintsOf(metadata).every(({ async }) => !async);
}
