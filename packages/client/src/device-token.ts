// The token of a trusted device, in a storage of its own. Invariant: a storage that fails costs the trust at most, never a
// sign-in; and a token whose successor came is not sent again, since Latchkey would take it for copied.
import type { TokenStorage } from './token-storage.ts';

export class DeviceToken {
  /** What the storage has not taken yet. */
  private held: string | undefined;

  /** @param storage undefined: the token is not kept */
  constructor(private readonly storage: TokenStorage | undefined) {}

  /** @returns undefined when there is none, or none can be read: Latchkey then asks for a code */
  async load(): Promise<string | undefined> {
    const { held } = this;
    if (held !== undefined) {
      await this.save(held);
      return held;
    }
    try {
      return (await this.storage?.load()) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Never rejects: what cannot be stored is held, and stored with the next `load`. */
  async save(token: string): Promise<void> {
    this.held = token;
    try {
      await this.storage?.save(token);
      this.held = undefined;
    } catch {
      // held
    }
  }
}
