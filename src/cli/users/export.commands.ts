// users export: all accounts as JSON lines, in the fields that users import reads (docs/import.md).
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { OperatorError } from '../../platform/process/operator-error';
import { type ExportedAccount, UserExport } from '../../users/export/user-export.service';
import type { Run, Session } from '../command-group.types';

const OWNER_ONLY = 0o600;

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
  const target = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: OWNER_ONLY });
  await pipeline(Readable.from(lines()), target, { end: file !== undefined }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new OperatorError(`${file} is there already`);
    if (error.code !== 'EPIPE') throw error; // the reader is gone
  });
  if (file !== undefined) output.result({ file, accounts, hashes }, `${accounts} accounts are in ${file}`);
}

/** Fields without a value are left out. */
function lineOf(account: ExportedAccount): string {
  return `${JSON.stringify(account, (_key, value: unknown) => (value === null ? undefined : value))}\n`;
}
