// A slice is the configuration of one module: a class whose properties carry the very names of the environment
// variables, with their defaults, and whose decorators (fields.ts) say what is allowed.

export interface Environment {
  readonly production: boolean;
}

export interface Problem {
  /** Name of the environment variable. */
  readonly key: string;
  /** Reason without the value: a value may be a secret. */
  readonly reason: string;
}

export abstract class ConfigSlice {
  /** Fills defaults that depend on the environment; runs before validation. */
  applyDefaults(_environment: Environment): void {}

  /** Rules that span keys or hold in production only; runs when every single key is valid. */
  problems(_environment: Environment): Problem[] {
    return [];
  }
}

export type SliceClass<T extends ConfigSlice = ConfigSlice> = new () => T;
