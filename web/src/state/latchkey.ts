// The one connection to the server: cookie mode, so no script here ever sees a refresh token; the access token is in memory.
import { LatchkeyClient } from '@latchkey/client';
import type { MetadataJson } from 'libphonenumber-js/core';
import numberPlans from 'number-plans.json?url';

/** What the server says of itself; see src/app.pages.ts. */
export interface Settings {
  readonly appName: string;
  readonly registration: 'open' | 'invite' | 'closed';
  readonly termsVersion: string | null;
  readonly passwordMinLength: number;
  readonly trustedDeviceDays: number;
  /** ISO codes; null: all. */
  readonly countries: readonly string[] | null;
  /** The app that people came from, when the server knows this very address of it. */
  readonly client: { readonly clientId: string; readonly name: string; readonly redirectUri: string } | null;
}

/** What the address of the page says. `asked` tells that somebody wanted to be returned to, known or not. */
export interface Arrival {
  readonly asked: boolean;
  readonly query: URLSearchParams;
  readonly invite: string | null;
}

export function arrivalOf(search: string): Arrival {
  const given = new URLSearchParams(search);
  const clientId = given.get('client_id');
  const redirectUri = given.get('redirect_uri');
  const query = new URLSearchParams();
  if (clientId !== null && redirectUri !== null) {
    query.set('clientId', clientId);
    query.set('redirectUri', redirectUri);
  }
  return { asked: clientId !== null || redirectUri !== null, query, invite: given.get('invite') };
}

/** @throws Error when the server cannot be asked */
export function loadSettings({ query }: Arrival): Promise<Settings> {
  return load(`/pages/settings?${query}`);
}

/** How numbers are written, country by country. @throws Error when the server cannot be asked */
export function loadPlans(): Promise<MetadataJson> {
  return load(numberPlans);
}

async function load<Content>(path: string): Promise<Content> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as Content;
}

export function connect({ client }: Settings, locale: string): LatchkeyClient {
  return new LatchkeyClient({
    url: location.origin,
    delivery: 'cookie',
    locale,
    ...(client === null ? {} : { clientId: client.clientId }),
  });
}
