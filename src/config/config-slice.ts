// A slice is the configuration of one module: a class whose properties have the names of environment variables, and whose initial values are
// the defaults. Decorators on the properties (fields.ts) say which values are allowed.

export interface Environment {
  readonly production: boolean;
}

export interface Problem {
  /** Name of the environment variable. */
  readonly key: string;
  /** What is wrong. It must not quote the value, which may be a secret. */
  readonly reason: string;
}

export abstract class ConfigSlice {
  /** Sets defaults that depend on the environment. Called before validation. */
  applyDefaults(_environment: Environment): void {}

  /** Checks rules that concern several keys, or hold only in production. What it says about a key that is wrong by itself is left out. */
  problems(_environment: Environment): Problem[] {
    return [];
  }
}

export type SliceClass<T extends ConfigSlice = ConfigSlice> = new () => T;
