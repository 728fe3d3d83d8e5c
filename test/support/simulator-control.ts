// What a test asks the simulator for besides messages: faults, and what the vendors received.
import type { System } from './instance';
import { until } from './patience';

export async function setFault(system: System, provider: string, fault: object): Promise<void> {
  await control(system, `/faults/${provider}`, { method: 'PUT', body: JSON.stringify(fault) });
}

export async function clearFault(system: System, provider: string): Promise<void> {
  await control(system, `/faults/${provider}`, { method: 'DELETE' });
}

/** A phone writes to the number of this vendor's customer: to us. */
export async function reply(system: System, phone: string, provider: string, text: string): Promise<void> {
  await control(system, `/inbox/${phone}/reply`, { method: 'POST', body: JSON.stringify({ provider, text }) });
}

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** ISO 8601, UTC: when it arrived. */
  readonly at: string;
}

export async function requestsTo(system: System, provider: string, method?: string): Promise<VendorRequest[]> {
  const response = await control(system, `/requests?provider=${provider}`, {});
  const requests = (await response.json()) as VendorRequest[];
  return requests.filter((request) => method === undefined || request.method === method);
}

/** Until a vendor has been asked so often to send. */
export async function called(system: System, provider: string, times: number): Promise<void> {
  const isSo = async () => (await requestsTo(system, provider, 'POST')).length >= times;
  await until(isSo, `call ${times} of ${provider}`, 30_000, 5);
}

async function control(system: System, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`${system.simulator}${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}
