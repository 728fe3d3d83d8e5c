// Implementations that modules register under their names, such as the sources of messages. Registration is over before the first job runs.

export abstract class ByName<T extends { readonly name: string }> {
  private readonly known = new Map<string, T>();

  /** @param kind what is registered, in words: for the texts of errors */
  protected constructor(private readonly kind: string) {}

  /** To be called in onModuleInit. @throws Error for a name that is taken, a mistake in our own code */
  register(one: T): void {
    if (this.known.has(one.name)) throw new Error(`${this.kind} ${one.name} is registered twice`);
    this.known.set(one.name, one);
  }

  all(): readonly T[] {
    return [...this.known.values()];
  }

  /** @returns undefined for a name that only another version knows */
  find(name: string): T | undefined {
    return this.known.get(name);
  }

  /** @throws Error for an unknown name. Its job was queued by another version, and stays in the queue for an instance that knows the name. */
  get(name: string): T {
    const one = this.known.get(name);
    if (one === undefined) throw new Error(`no ${this.kind} named ${name}`);
    return one;
  }
}
