// What the tabs of one origin have in common: a lock, and a channel. Both are asked of the browser, and there is a way without.
// A lock that is never given must not end a session, so nobody waits for ever: Latchkey answers two refreshes with one token
// within 10 s alike, and that is what makes going on without the lock safe.

/** What is used of navigator.locks. */
export interface Locks {
  request<Result>(name: string, options: { signal: AbortSignal }, work: () => Promise<Result>): Promise<Result>;
}

/** What is used of localStorage. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
  /** In Node: does not keep the process. */
  unref?(): void;
}

interface Browser {
  readonly navigator?: { readonly locks?: Locks | null };
  readonly BroadcastChannel?: new (name: string) => Channel;
  readonly localStorage?: WebStorage;
  addEventListener?(type: 'storage', listener: (event: { key: string | null }) => void): void;
  removeEventListener?(type: 'storage', listener: (event: { key: string | null }) => void): void;
}

export const browser = globalThis as unknown as Browser;

/**
 * How long a tab waits for the others, in milliseconds, before it goes on without the lock. More than a renewal takes (21.6 s, see
 * session-keeper.ts): whoever asks with a token whose successor is still under way may be too late for the 10 s.
 */
export const LOCK_WAIT_MS = 25_000;

export async function withBrowserLock<Result>(
  locks: Locks,
  name: string,
  work: () => Promise<Result>,
  waitMs = LOCK_WAIT_MS,
): Promise<Result> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  let begun = false;
  const begin = () => {
    begun = true;
    clearTimeout(timer);
    return work();
  };
  try {
    return await locks.request(name, { signal: waiting.signal }, begin);
  } catch (error) {
    if (begun || !waiting.signal.aborted) throw error;
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** A lease lives this long when its tab dies; renewing a session takes less. */
const LEASE_MS = 25_000;
const LOOK_AGAIN_MS = 40;

/**
 * For browsers without navigator.locks (old ones, and pages on plain http): a lease in the storage itself. Two tabs that take
 * it in the same moment both look again after a while; the one that wrote last has it.
 */
export async function withLease<Result>(
  storage: WebStorage,
  key: string,
  work: () => Promise<Result>,
  waitMs = LOCK_WAIT_MS,
): Promise<Result> {
  const owner = `${Math.random()}`;
  for (const end = Date.now() + waitMs; Date.now() < end;) {
    if (isFree(storage.getItem(key))) {
      storage.setItem(key, JSON.stringify({ owner, until: Date.now() + LEASE_MS }));
      await pause(LOOK_AGAIN_MS * (0.5 + Math.random()));
      if (ownerOf(storage.getItem(key)) === owner) return await leased(storage, key, owner, work);
    }
    await pause(LOOK_AGAIN_MS * (0.5 + Math.random()));
  }
  return await work();
}

async function leased<Result>(storage: WebStorage, key: string, owner: string, work: () => Promise<Result>) {
  try {
    return await work();
  } finally {
    if (ownerOf(storage.getItem(key)) === owner) storage.removeItem(key);
  }
}

function isFree(text: string | null): boolean {
  const { until } = leaseIn(text);
  // A clock that was turned back must not leave a lease for ever.
  return typeof until !== 'number' || until < Date.now() || until > Date.now() + LEASE_MS;
}

function ownerOf(text: string | null): unknown {
  return leaseIn(text).owner;
}

function leaseIn(text: string | null): { readonly owner?: unknown; readonly until?: unknown } {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as object;
  } catch {
    return {};
  }
}

/** Tells the other tabs, and hears them. Without BroadcastChannel it does neither. */
export class TabChannel {
  private channel: Channel | undefined;

  constructor(name: string, heard: (message: unknown) => void) {
    this.channel = browser.BroadcastChannel === undefined ? undefined : new browser.BroadcastChannel(name);
    if (this.channel === undefined) return;
    this.channel.onmessage = ({ data }) => heard(data);
    this.channel.unref?.();
  }

  tell(message: unknown): void {
    this.channel?.postMessage(message);
  }

  close(): void {
    this.channel?.close();
    this.channel = undefined; // to tell a closed one throws
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
