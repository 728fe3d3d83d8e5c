// What a group of commands is, and what a command gets. A group is one file, src/cli/<group>.commands.ts, listed in groups.ts. Its commands
// are those of the library commander. Their actions go through `run`, which makes the application for them.
import type { Abstract, Type } from '@nestjs/common';
import type { Command } from 'commander';
import type { Output } from './output';

/** The application for one command: all its providers, without HTTP and without running jobs. */
export interface Session {
  /** @throws Error when no module provides it, a mistake in our own code */
  readonly get: <T>(provider: Type<T> | Abstract<T>) => T;
  readonly output: Output;
  /** Who acts, for the audit log: `cli:` and the account of the operating system. */
  readonly actor: string;
}

/**
 * Wraps the action of a command: makes the session, calls the work with arguments and options as commander gives them, then closes
 * everything. For an error that is one line for the operator, throw OperatorError or AppError.
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
