// From arguments to an exit code. commander parses and writes the help. A mistake of the operator gives one line on stderr.
import { userInfo } from 'node:os';
import { Command, CommanderError } from 'commander';
import type { CommandGroup, Run, Session } from './command-group.types';
import { Output } from './output';
import { tried } from './refusals';

/** The application. Closing it releases everything. */
export interface OpenApp extends Pick<Session, 'get'> {
  close(): Promise<void>;
}

export interface Host {
  /** @param options.verbose whether the app's log lines go to stderr */
  open(options: { verbose: boolean }): Promise<OpenApp>;
  out(text: string): void;
  err(text: string): void;
}

/**
 * @param given arguments after the program's name
 * @returns the exit code: 0, or 1 for arguments that were refused, which was printed already. @throws what the command threw
 */
export async function runCommandLine(groups: readonly CommandGroup[], given: string[], host: Host): Promise<number> {
  const program = build(groups, host);
  try {
    await program.parseAsync(given, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

function build(groups: readonly CommandGroup[], host: Host): Command {
  const program = new Command('npm run cli --')
    .description("The operator's commands, on the database that the app uses.")
    .option('--json', 'print results as JSON lines')
    .option('--verbose', 'print log lines to stderr')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.out(text),
      writeErr: (text) => host.err(text),
      outputError: (text, write) => write(`latchkey: ${oneLine(text.replace(/^error: /, ''))}\n`),
    });
  for (const group of groups) group.add(program.command(group.name).description(group.summary), runner(program, host));
  return program;
}

function runner(program: Command, host: Host): Run {
  return (work) =>
    async (...given) => {
      const { json = false, verbose = false } = program.opts<{ json?: boolean; verbose?: boolean }>();
      const app = await host.open({ verbose });
      const output = new Output((text) => host.out(text), json);
      try {
        const session: Session = { get: (provider) => app.get(provider), output, actor: `cli:${operator()}` };
        await tried(given[0], () => work(session, ...given));
      } finally {
        await app.close();
      }
    };
}

/** The name of the account that runs the command; its number where the system has no name for it, as in containers. */
function operator(): string {
  try {
    return userInfo().username.replace(/[^\w.-]/g, '_');
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
