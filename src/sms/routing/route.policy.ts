// Which vendor carries a message: pure. Anonymous purposes prefer a vendor that carries our code, because a decoy has nothing
// to ask a verification service about, and would answer faster than a real challenge (design section 2, protocol.md 5).
import type { Route } from '../contract/message-source';

/** @param routes in the order of SMS_PROVIDERS, at least one */
export function chooseRoute(routes: readonly Route[], anonymous: boolean): Route {
  const [first] = routes;
  if (first === undefined) throw new Error('no SMS provider is configured');
  return anonymous ? (routes.find(({ kind }) => kind !== 'service') ?? first) : first;
}

/** A vendor that carries any text of ours: what a notice needs. */
export function senderOf(routes: readonly Route[]): Route | undefined {
  return routes.find(({ kind }) => kind === 'sender');
}
