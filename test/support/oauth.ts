// Client apps of the tests: made by the admin API, and asking as RFC 7662 and 7009 have it.
import type { ApiAnswer, ApiClient, JsonObject } from './api-client';
import type { System } from './instance';

export interface ClientApp {
  readonly clientId: string;
  readonly secret: string;
}

/** @throws Error with the answer when it was not made */
export async function makeClientApp(system: System, settings: JsonObject): Promise<ClientApp> {
  const { status, body, text } = await system.admin.post(
    '/v1/admin/clients',
    { name: 'App of a test', ...settings },
    {
      token: system.adminKey,
    },
  );
  if (status !== 201) throw new Error(`no client app: ${status} ${text}`);
  return { clientId: String(body['clientId']), secret: String(body['secret']) };
}

export function basic({ clientId, secret }: ClientApp): string {
  return `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
}

/** A form to introspect or revoke. @param form encoded as it is, or by its parameters */
export function postForm<Body = JsonObject>(
  api: ApiClient,
  path: string,
  form: string | Record<string, string>,
  headers: Record<string, string>,
): Promise<ApiAnswer<Body>> {
  const rawBody = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return api.post<Body>(path, undefined, {
    rawBody,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}
