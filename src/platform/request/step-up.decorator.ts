// Marks a sensitive route: the person must have proved both factors within the last 10 minutes (security.md 5.5, 7.5.1).
import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { perRoute } from './per-route';

/**
 * ending: takes sessions or devices away. change: changes how the person signs in or is reached, or ends the account; not allowed for a while
 * after a reset by SMS alone (security.md 0.4/1). reading: shows something that an access token alone must not open.
 */
export type SensitiveKind = 'ending' | 'change' | 'reading';

interface Mark {
  readonly kind: SensitiveKind;
  readonly when: ((request: FastifyRequest) => boolean) | undefined;
}

const SENSITIVE = Symbol('sensitive route');

/**
 * Refusals: 403 step_up_required, for a change also 403 recently_recovered.
 * @param when which requests of the route are sensitive; all of them unless given. Called before the request is validated
 */
export const StepUp = (kind: SensitiveKind, when?: Mark['when']): MethodDecorator & ClassDecorator =>
  SetMetadata(SENSITIVE, { kind, when } satisfies Mark);

/** A mark of the handler goes before that of the controller. */
const markOf = perRoute((route) => {
  const read = (target: object) => Reflect.getMetadata(SENSITIVE, target) as Mark | undefined;
  return read(route.getHandler()) ?? read(route.getClass());
});

/** @returns undefined for a request that is not sensitive */
export function sensitiveKind(context: ExecutionContext): SensitiveKind | undefined {
  const mark = markOf(context);
  const isMeant = mark?.when?.(context.switchToHttp().getRequest<FastifyRequest>()) ?? true;
  return isMeant ? mark?.kind : undefined;
}
