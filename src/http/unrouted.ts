// Requests that no route took: 405 with Allow when the path has routes of other methods, else 404 (case A87). Paths are matched by the
// router that Fastify itself uses, so both agree about encodings, parameters and slashes.
import type { FastifyInstance } from 'fastify';
import * as FindMyWay from 'find-my-way';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

interface KnownPath {
  readonly route: string;
  readonly methods: Set<string>;
}

/** All paths that have a route of any method. */
export class KnownPaths {
  private readonly router = FindMyWay.default({ caseSensitive: true, ignoreTrailingSlash: false });
  private readonly knownByPath = new Map<string, KnownPath>();

  add(url: string, methods: string | readonly string[]): void {
    const path = url.replace(/:[^/]+/g, ':parameter');
    let known = this.knownByPath.get(path);
    if (known === undefined) {
      known = { route: url, methods: new Set() };
      this.knownByPath.set(path, known);
      this.router.on('GET', path, () => undefined, known);
    }
    for (const method of [methods].flat()) known.methods.add(method);
  }

  /** A value for Allow; undefined when the path has no route. */
  allowed(url: string): string | undefined {
    const known = this.find(url);
    return known === undefined ? undefined : [...known.methods].sort().join(', ');
  }

  /** The pattern of a route that this path has, of any method. */
  routeOf(url: string): string | undefined {
    return this.find(url)?.route;
  }

  private find(url: string): KnownPath | undefined {
    const found = this.router.find('GET', url);
    // Like Nest's adapter: a parameter must not be empty, so /things/ does not match /things/:id.
    if (found === null || Object.values(found.params).includes('')) return undefined;
    return found.store as KnownPath;
  }
}

/** Must be called before routes are added. */
export function collectPaths(server: FastifyInstance): KnownPaths {
  const paths = new KnownPaths();
  server.addHook('onRoute', ({ url, method }) => paths.add(url, method));
  return paths;
}

/** Refuses unrouted requests before their body is read. */
export function refuseUnrouted(server: FastifyInstance, paths: KnownPaths): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const allow = paths.allowed(request.raw.url ?? '');
    if (allow === undefined) return done(new AppError(platformErrors.not_found));
    reply.header('allow', allow);
    done(new AppError(platformErrors.method_not_allowed));
  });
}
