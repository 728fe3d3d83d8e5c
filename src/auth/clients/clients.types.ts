// What other modules may know of a client app. Its secret is never part of it.
import type { ClientScope } from '../../platform/request/api-key.decorator';

/** What the operator decides about a client app. Scopes are any text until clientProblems has found nothing wrong with them. */
export interface ClientSettings<Scope extends string = string> {
  readonly name: string;
  /** The audience of its access tokens, beside ours. */
  readonly audience: string;
  /** Life of its access tokens, 60 to 3600 s; null: as ACCESS_TOKEN_TTL_SECONDS says. */
  readonly accessTokenTtlSeconds: number | null;
  /** Origins of its pages, compared exactly. */
  readonly allowedOrigins: readonly string[];
  /** Addresses that the hosted pages may send people back to, compared exactly. */
  readonly redirectUris: readonly string[];
  readonly scopes: readonly Scope[];
}

export interface ApiClient extends ClientSettings<ClientScope> {
  readonly id: string;
  readonly clientId: string;
}

/** The whole row, for operators. */
export interface ApiClientRecord extends ApiClient {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly secretCreatedAt: Date;
  readonly disabledAt: Date | null;
}

/** A setting that is absent or undefined stays as it is; for a new client it gets its default. */
export type ClientChanges = { readonly [K in keyof ClientSettings]?: ClientSettings[K] | undefined };

export interface NewClient extends ClientChanges {
  /** Generated when absent. */
  readonly clientId?: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guards of routes for client apps; absent on all other routes. */
    client?: ApiClient;
  }
}
