// users export: all accounts as JSON lines, in the fields that users import reads (docs/import.md).
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { NewFile } from '../../platform/process/new-file';
import { OperatorError } from '../../platform/process/operator-error';
import { type ExportedAccount, UserExport } from '../../users/export/user-export.service';
import type { Run, Session } from '../command-group.types';

export function addExportCommand(group: Command, run: Run): void {
  group
    .command('export [file]')
    .description('all accounts as JSON lines, into a new file or to stdout')
    .option('--hashes', 'with the hashes of their passwords: as precious as the database itself', false)
    .action(
      run((session, file: string | undefined, { hashes }: { hashes: boolean }) => exportTo(session, file, hashes)),
    );
}

async function exportTo({ get, output, actor }: Session, file: string | undefined, hashes: boolean): Promise<void> {
  let accounts = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const page of get(UserExport).pages({ hashes, actor })) {
      accounts += page.length;
      yield page.map(lineOf).join('');
    }
  }
  if (file === undefined) return toStdout(lines());
  await intoNewFile(file, lines());
  output.result({ file, accounts, hashes }, `${accounts} accounts are in ${file}`);
}

async function toStdout(lines: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // the reader is gone
  });
}

/** @throws OperatorError when the file is there already; the errors of the database and the file system */
async function intoNewFile(path: string, lines: AsyncIterable<string>): Promise<void> {
  if (existsSync(path)) throw new OperatorError(`${path} is there already`);
  const file = new NewFile(path);
  try {
    await pipeline(Readable.from(lines), file.stream);
    file.publish();
  } finally {
    file.discard();
  }
}

/** Fields without a value are left out. */
function lineOf(account: ExportedAccount): string {
  return `${JSON.stringify(account, (_key, value: unknown) => (value === null ? undefined : value))}\n`;
}
