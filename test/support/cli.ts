// The operator's command line as a program of its own, run to its end.
import { Program } from './program';

export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param env all it sees: take System.env for the database and the secrets of a running system */
export async function runCli(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  options: { uid?: number; largestFileBytes?: number } = {},
): Promise<CommandOutcome> {
  const program = new Program('cli.js', env, { alone: true, args, ...options });
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

/** Runs it with --json. @returns its records. @throws Error with what it said when it fails */
export async function cliRecords<Entry = Record<string, unknown>>(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Entry[]> {
  const { code, stdout, stderr } = await runCli(env, [...args, '--json']);
  if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}
