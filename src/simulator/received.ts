// What has arrived at the phones, or at the mailboxes: the newest ones are kept, and the open pages are told. Memory is bounded: when there
// are more than the capacity, the oldest one is forgotten.

interface Listener<T> {
  readonly arrived: (one: T) => void;
  readonly cleared: () => void;
}

export abstract class Received<T extends { readonly to: string }> {
  /** Oldest first. */
  private kept: T[] = [];
  private readonly listeners = new Set<Listener<T>>();

  /** @param capacity how many are kept, over all phones or addresses */
  constructor(private readonly capacity: number) {}

  /** The newest of all phones or addresses, newest first. */
  newest(count: number): T[] {
    return this.kept.slice(-count).reverse();
  }

  clear(): void {
    this.kept = [];
    for (const { cleared } of this.listeners) cleared();
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: Listener<T>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected keep(one: T): void {
    this.kept.push(one);
    if (this.kept.length > this.capacity) this.kept.shift();
    for (const { arrived } of this.listeners) arrived(one);
  }

  /** Newest first. */
  protected sentTo(wanted: string): T[] {
    return this.kept.filter(({ to }) => to === wanted).reverse();
  }
}
