// Faults that tests and people switch on: at most one per provider, for a number of requests or until it is cleared. vendor.routes.ts has what a
// fault does to a request. duplicate_receipt, late_receipt and undelivered are faults of messages, and are in receipts-sender.ts and simulator.ts.
import type { FieldProblem } from './problem';

export const faultKinds = [
  'delay',
  'status',
  'hang',
  'reset',
  'garbage',
  'lost_answer',
  'duplicate_receipt',
  'late_receipt',
  'undelivered',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds to wait before the fault acts. For late_receipt: how much later the receipt is posted, by the clock that tests move. */
  readonly ms?: number;
  /** Status of the answer, HTTP or SMTP. Only for kind `status`. */
  readonly status?: number;
  /** How many more requests or messages the fault is for. Absent: for all, until it is cleared. */
  readonly count?: number;
}

const bounds = { ms: [0, 600_000], status: [200, 599], count: [1, 1_000_000] } as const;
type NumberField = keyof typeof bounds;
const defaults: Partial<Record<FaultKind, Partial<Fault>>> = {
  delay: { ms: 1_000 },
  status: { status: 500 },
  late_receipt: { ms: 60_000 },
};

/** @param text body of the request. @returns the fault, or everything that is wrong with it */
export function parseFault(text: string): { readonly fault: Fault } | { readonly problems: readonly FieldProblem[] } {
  const body = parseObject(text);
  if (body === undefined) return { problems: [{ pointer: '', code: 'not_a_json_object' }] };
  const problems: FieldProblem[] = [];
  const kind = faultKinds.find((known) => known === body['kind']);
  if (kind === undefined) problems.push({ pointer: '/kind', code: 'unknown_kind' });
  for (const [name, value] of Object.entries(body)) {
    const code = name === 'kind' ? undefined : fieldProblem(kind, name, value);
    if (code !== undefined) problems.push({ pointer: `/${name}`, code });
  }
  if (kind === undefined || problems.length > 0) return { problems };
  return { fault: { kind, ...defaults[kind], ...(body as Partial<Fault>) } };
}

function fieldProblem(kind: FaultKind | undefined, name: string, value: unknown): string | undefined {
  if (!isNumberField(name)) return 'unknown_field';
  if (name === 'status' && kind !== 'status') return 'not_for_this_kind';
  const [min, max] = bounds[name];
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return fits ? undefined : `not_a_whole_number_from_${min}_to_${max}`;
}

function isNumberField(name: string): name is NumberField {
  return Object.hasOwn(bounds, name);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const receiptKinds: readonly FaultKind[] = ['duplicate_receipt', 'late_receipt', 'undelivered'];

export class FaultList {
  private readonly faults = new Map<string, Fault>();

  set(provider: string, fault: Fault): void {
    this.faults.set(provider, fault);
  }

  clear(provider: string): void {
    this.faults.delete(provider);
  }

  list(): (Fault & { readonly provider: string })[] {
    return [...this.faults].map(([provider, fault]) => ({ provider, ...fault }));
  }

  /** The fault for the next request of this provider, if it is a fault of requests. Its count goes down by one. */
  take(provider: string): Fault | undefined {
    return this.takeIf(provider, (kind) => !receiptKinds.includes(kind));
  }

  /** The fault for the next message of this provider, if it is a fault of messages. Its count goes down by one. */
  takeOfMessage(provider: string): Fault | undefined {
    return this.takeIf(provider, (kind) => receiptKinds.includes(kind));
  }

  private takeIf(provider: string, isMine: (kind: FaultKind) => boolean): Fault | undefined {
    const fault = this.faults.get(provider);
    if (fault === undefined || !isMine(fault.kind)) return undefined;
    if (fault.count === 1) this.faults.delete(provider);
    else if (fault.count !== undefined) this.faults.set(provider, { ...fault, count: fault.count - 1 });
    return fault;
  }
}
