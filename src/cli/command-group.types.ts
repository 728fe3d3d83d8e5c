// What a group of commands is, and what a command of it is given. A group is one file, src/cli/<group>.commands.ts, named in
// groups.ts; its commands are commander's, and their actions go through `run`, which makes the application for them.
import type { Abstract, Type } from '@nestjs/common';
import type { Command } from 'commander';
import type { Output } from './output';

/** The application of one command: every provider of the app, no HTTP, no job runner. */
export interface Session {
  /** @throws Error when no module provides it: a wiring mistake */
  readonly get: <T>(provider: Type<T> | Abstract<T>) => T;
  readonly output: Output;
  /** Who acts, for the audit log: `cli:` and the account of the operating system. */
  readonly actor: string;
}

/**
 * Wraps an action: makes the session, runs the work with the command's arguments, options and itself (as commander hands them
 * over), closes everything. Errors go to the operator: throw OperatorError or AppError for what is one line.
 */
export type Run = <Given extends unknown[]>(
  work: (session: Session, ...given: Given) => Promise<void>,
) => (...given: Given) => Promise<void>;

export interface CommandGroup {
  readonly name: string;
  /** One phrase for the help text. */
  readonly summary: string;
  /** Adds the commands of the group. */
  add(group: Command, run: Run): void;
}
