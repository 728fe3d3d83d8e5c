// What the page shows of each vendor: how many requests the vendor has received, how the last one ended, and the fault that is switched on.
import type { Fault, FaultKind, FaultList } from './faults';
import type { RequestLog } from './request-log';
import { RELAY } from './smtp';

export interface VendorState {
  readonly provider: string;
  /** How many requests are in the log, which forgets old ones. */
  readonly requests: number;
  /** Status and fault of the last request; null: there was none, or it has no answer yet. */
  readonly lastStatus: number | null;
  readonly lastFault: FaultKind | null;
  /** ISO 8601, UTC; null: nothing was received. */
  readonly lastAt: string | null;
  readonly fault: Fault | null;
}

interface BoardParts {
  readonly providers: readonly string[];
  readonly requests: RequestLog;
  readonly faults: FaultList;
}

/** In the order of the providers, with the mail relay last. What the relay receives is not in the log, so it counts no requests. */
export function vendorStates({ providers, requests, faults }: BoardParts): VendorState[] {
  const switchedOn = new Map(faults.list().map(({ provider, ...fault }) => [provider, fault]));
  return [...providers, RELAY].map((provider) => {
    const received = requests.list(provider);
    const last = received.at(-1);
    return {
      provider,
      requests: received.length,
      lastStatus: last?.status ?? null,
      lastFault: last?.fault ?? null,
      lastAt: last?.at ?? null,
      fault: switchedOn.get(provider) ?? null,
    };
  });
}
