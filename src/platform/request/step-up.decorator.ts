// The mark of a sensitive route: it wants a person who has proved both factors within the last 10 minutes (security.md 5.5, 7.5.1).
import { type ExecutionContext, SetMetadata } from '@nestjs/common';

/**
 * ending: takes sessions or devices away. change: changes how the person signs in or is reached, or ends the account; a person who
 * has just reset their password by SMS alone has to wait for it (security.md 0.4/1).
 */
export type SensitiveKind = 'ending' | 'change';

const SENSITIVE = Symbol('sensitive route');

/** Without it a route takes any living session. Refusals: 403 step_up_required, for a change also 403 recently_recovered. */
export const StepUp = (kind: SensitiveKind): MethodDecorator & ClassDecorator => SetMetadata(SENSITIVE, kind);

/** @returns undefined for a route that is not sensitive. The handler's mark wins. */
export function sensitiveKind(context: ExecutionContext): SensitiveKind | undefined {
  const read = (target: object) => Reflect.getMetadata(SENSITIVE, target) as SensitiveKind | undefined;
  return read(context.getHandler()) ?? read(context.getClass());
}
