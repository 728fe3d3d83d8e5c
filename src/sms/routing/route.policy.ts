// Which vendors may carry a message, in order: pure. Codes of anonymous purposes go only to vendors that carry our code, as long as one is
// configured, and never fail over to a service. For a decoy has nothing that a verification service could be asked about, so it would
// answer faster than a real challenge (design section 2, protocol.md 5).
import type { Route } from '../contract/message-source';
import type { Channel } from '../contract/provider';
import { CountryRoutes, EVERYWHERE } from './country-routes';

export interface CodeDemand {
  readonly channel: Channel;
  /** The purpose is open to people who have proved nothing yet. */
  readonly anonymous: boolean;
}

/**
 * @param all every configured vendor, in the order of SMS_PROVIDERS
 * @param country ISO 3166 region of the number; undefined when it has none
 */
export function routesOfCountry(
  all: readonly Route[],
  exceptions: CountryRoutes,
  country: string | undefined,
): readonly Route[] {
  const named = exceptions.get(country ?? EVERYWHERE) ?? exceptions.get(EVERYWHERE);
  if (named === undefined) return all;
  return named.flatMap((name) => all.find(({ provider }) => provider === name) ?? []);
}

/** Vendors that may carry a code. @param routes of the number's country */
export function codeRoutes(routes: readonly Route[], { channel, anonymous }: CodeDemand): readonly Route[] {
  return openTo(routes, anonymous).filter(({ channels }) => channels.includes(channel));
}

/** The channels in which a code can be sent, `sms` first. @param routes of the number's country */
export function codeChannels(routes: readonly Route[], anonymous: boolean): readonly Channel[] {
  const open = openTo(routes, anonymous);
  return (['sms', 'voice'] as const).filter((channel) => open.some(({ channels }) => channels.includes(channel)));
}

/** Vendors that carry any text of ours: what a notice needs. */
export function textRoutes(routes: readonly Route[]): readonly Route[] {
  return routes.filter(({ kind }) => kind === 'sender');
}

/** Whether the code that is sent is ours, and so the same at every such vendor. */
export function carriesOurCode({ kind }: Route): boolean {
  return kind !== 'service';
}

function openTo(routes: readonly Route[], anonymous: boolean): readonly Route[] {
  const carriers = routes.filter(carriesOurCode);
  return anonymous && carriers.length > 0 ? carriers : routes;
}
