// A slice is the configuration of one module: a class whose properties have the names of environment variables, with their defaults.
// Decorators (fields.ts) say which values are allowed.

export interface Environment {
  readonly production: boolean;
}

export interface Problem {
  /** Name of the environment variable. */
  readonly key: string;
  /** Must not quote the value, which may be a secret. */
  readonly reason: string;
}

export abstract class ConfigSlice {
  /** Sets defaults that depend on the environment. Called before validation. */
  applyDefaults(_environment: Environment): void {}

  /** Checks rules that concern several keys, or hold only in production. Called when each single key is valid. */
  problems(_environment: Environment): Problem[] {
    return [];
  }
}

export type SliceClass<T extends ConfigSlice = ConfigSlice> = new () => T;
