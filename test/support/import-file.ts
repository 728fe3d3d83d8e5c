// Files of accounts for `users import`, in a folder of their own, and what the command says of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli';
import type { System } from './instance';

export interface ImportResult {
  readonly run: 'begun' | 'resumed' | 'done';
  readonly lines: number;
  readonly imported: number;
  readonly refused: number;
  readonly codes: readonly { readonly code: string; readonly count: number }[];
  /** Path; null when it was left as it was. */
  readonly report: string | null;
}

export class ImportFolder {
  private readonly path = mkdtempSync(join(tmpdir(), 'latchkey-import-'));

  /** @returns path of the file */
  file(name: string, content: string | Buffer | readonly object[]): string {
    const path = join(this.path, name);
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    writeFileSync(path, isText ? content : content.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  }

  /** Path of a file that is not there yet. */
  free(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** @returns the command's record. @throws Error with what it said when it failed */
export async function importUsers(system: System, file: string, ...options: string[]): Promise<ImportResult> {
  const { code, stdout, stderr } = await runCli(system.env, ['users', 'import', file, ...options, '--json']);
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as ImportResult;
}

/** The lines of the report, as "12 phone_taken". */
export function reportOf({ report }: ImportResult): string[] {
  if (report === null) throw new Error('no report was written');
  const lines = readFileSync(report, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const { line: number, code } = JSON.parse(line) as { line: number; code: string };
    return `${number} ${code}`;
  });
}

/** A free mobile number for each index, valid in Germany: up to a million. */
export function mobile(index: number): string {
  return `+49151${String(20_000_000 + index)}`;
}

/** Numbers from the hundredth on: each call another one. */
export function freshMobiles(): () => string {
  let taken = 100;
  return () => mobile((taken += 1));
}

/** The row of users with this number. */
export async function accountOf(system: System, phone: string): Promise<Record<string, unknown> | undefined> {
  const text = 'SELECT * FROM users WHERE phone = $1';
  return (await system.database.query<Record<string, unknown>>(text, [phone])).rows[0];
}
