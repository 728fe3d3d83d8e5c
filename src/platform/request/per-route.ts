// A value that follows from the decorators of a route, read once: they do not change while the process runs, and reading them takes time.
import type { ExecutionContext } from '@nestjs/common';

export type Route = Pick<ExecutionContext, 'getHandler' | 'getClass'>;

/** @param read called once per handler of a controller; several controllers may inherit one handler */
export function perRoute<T>(read: (route: Route) => T): (route: Route) => T {
  const controllers = new Map<object, Map<object, { readonly found: T }>>();
  return (route) => {
    const [handler, controller] = [route.getHandler(), route.getClass()];
    let routes = controllers.get(controller);
    if (routes === undefined) controllers.set(controller, (routes = new Map<object, { readonly found: T }>()));
    let known = routes.get(handler);
    if (known === undefined) routes.set(handler, (known = { found: read(route) }));
    return known.found;
  };
}
