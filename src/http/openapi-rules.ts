// What the validation of a body refuses is told in its schema too, so that each bound is written once, at the rule that keeps it.
import { getMetadataStorage } from 'class-validator';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Schema = Record<string, unknown>;

/** Private to the library; there is no other list of the classes that have rules. */
interface Storage {
  readonly validationMetadatas: ReadonlyMap<abstract new () => object, unknown>;
}

/** @param schemas by the names of their classes; those of bodies get what is missing, and that no other member may be sent */
export function tellRules(schemas: Readonly<Record<string, Schema>>): void {
  const { validationMetadatas } = getMetadataStorage() as unknown as Storage;
  for (const type of validationMetadatas.keys()) {
    const schema = schemas[type.name];
    if (schema === undefined) continue;
    const properties = schema['properties'] as Record<string, Schema>;
    for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
      const property = properties[rule.propertyName];
      if (property !== undefined) Object.assign(property, { ...told(rule), ...property });
    }
    schema['additionalProperties'] = false;
  }
}

function told({ name, constraints, each }: Metadata): Schema {
  const [bound] = (constraints ?? []) as unknown[];
  if (each) return {};
  if (name === 'maxLength') return { maxLength: bound };
  // The dialect of JSON Schema has no flags; `u` is how it is meant to be read.
  if (name === 'matches' && bound instanceof RegExp && bound.flags.replace('u', '') === '')
    return { pattern: bound.source };
  return {};
}
