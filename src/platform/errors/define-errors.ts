// Declares the error codes of a module: status, public texts and log level together (RFC 9457 problem types).
// Each declaration registers itself, so that docs/errors.md and its test can list all codes of the product.

/** error: a human must act now. warn: looks like an attack, or has healed by itself. info: a normal refusal. */
export type LogLevel = 'info' | 'warn' | 'error';

export interface ErrorDefinition {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly log: LogLevel;
}

type Declaration = Omit<ErrorDefinition, 'code'>;

const registry = new Map<string, ErrorDefinition>();

/** @throws Error when a code is declared twice: clients rely on each having one meaning */
export function defineErrors<Codes extends string>(
  declarations: Record<Codes, Declaration>,
): Record<Codes, ErrorDefinition> {
  const defined = {} as Record<Codes, ErrorDefinition>;
  for (const [code, declaration] of Object.entries<Declaration>(declarations)) {
    if (registry.has(code)) throw new Error(`error code ${code} is declared twice`);
    const definition = { code, ...declaration };
    registry.set(code, definition);
    defined[code as Codes] = definition;
  }
  return defined;
}

export function allErrors(): readonly ErrorDefinition[] {
  return [...registry.values()].sort((a, b) => a.code.localeCompare(b.code));
}
