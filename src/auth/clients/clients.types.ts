// What the rest of the house may hold of a client app. The secret is never among it.
import type { ClientScope } from '../../platform/request/api-key.decorator';

export interface ApiClient {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  /** Claim aud of its access tokens, beside our own. */
  readonly audience: string;
  /** Life of its access tokens, 60 to 3600 s; null: ACCESS_TOKEN_TTL_SECONDS. */
  readonly accessTokenTtlSeconds: number | null;
  /** Origins its pages call from, exact. */
  readonly allowedOrigins: readonly string[];
  /** Where the hosted pages may send people back to, exact. */
  readonly redirectUris: readonly string[];
  readonly scopes: readonly ClientScope[];
}

/** The record, as the operator sees it. */
export interface ApiClientRecord extends ApiClient {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly secretCreatedAt: Date;
  readonly disabledAt: Date | null;
}

/** What the operator decides. */
export interface ClientSettings {
  readonly name: string;
  readonly audience: string;
  readonly accessTokenTtlSeconds: number | null;
  readonly allowedOrigins: readonly string[];
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
}

/** What is absent or undefined stays as it is, or gets its default. */
export type ClientChanges = { readonly [K in keyof ClientSettings]?: ClientSettings[K] | undefined };

export interface NewClient extends ClientChanges {
  /** Made up when absent. */
  readonly clientId?: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on routes marked @ApiKey; absent everywhere else. */
    client?: ApiClient;
  }
}
