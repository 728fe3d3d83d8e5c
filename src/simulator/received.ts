// Keeps what has arrived at the phones, or at the mailboxes, and tells the open pages of each arrival. Memory is bounded: when there are more
// messages than the capacity, the oldest is forgotten.

interface Listener<T> {
  readonly arrived: (one: T) => void;
  readonly cleared: () => void;
}

export abstract class Received<T extends { readonly to: string }> {
  /** Oldest first. */
  private kept: T[] = [];
  private readonly listeners = new Set<Listener<T>>();

  /** @param capacity how many are kept of all phones or addresses together */
  constructor(private readonly capacity: number) {}

  /** The newest ones of all phones or addresses together, newest first. */
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

  /** What one phone or address has received, newest first. */
  protected sentTo(wanted: string): T[] {
    return this.kept.filter(({ to }) => to === wanted).reverse();
  }
}
