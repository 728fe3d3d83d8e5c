// Reads the lines of a backup file and says what is wrong with a damaged one. The end of the file is checked last, when rows were loaded
// already: the caller must read inside one transaction, and roll it back on an error.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OperatorError } from '../../platform/process/operator-error';
import { BackupHeader, END_OF_ROWS, FORMAT } from './backup-file.types';
import type { BackupTable } from './backup-tables';

export interface BackupReader {
  readonly header: BackupHeader;
  /** One table after the other. All rows of one must be read before the next is asked for. */
  sections(): AsyncGenerator<{ readonly table: BackupTable; readonly rows: AsyncGenerator<string> }>;
}

/** @throws OperatorError, here or while reading on, when the file is no backup of ours, cut short or damaged */
export async function readBackup(path: string): Promise<BackupReader> {
  const unzipped = createGunzip();
  createReadStream(path)
    .on('error', (error) => unzipped.destroy(error))
    .pipe(unzipped);
  const lines = linesOf(unzipped, path);
  const header = parsed<BackupHeader>(await lines.next(), path);
  const format: string = header.format;
  if (format !== FORMAT) throw new OperatorError(`${path} is no backup of this kind (${FORMAT})`);
  return { header, sections: () => sectionsOf(lines, path) };
}

async function* sectionsOf(lines: AsyncGenerator<string, void>, path: string) {
  let count = 0;
  async function* rows(): AsyncGenerator<string, void> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw damaged(path);
      if (value === END_OF_ROWS) return;
      count += 1;
      yield value;
    }
  }
  for (;;) {
    const head = parsed<BackupTable | { readonly rows: number }>(await lines.next(), path);
    if (!('name' in head)) {
      if (head.rows !== count) throw damaged(path);
      return;
    }
    yield { table: head, rows: rows() };
  }
}

async function* linesOf(source: Readable, path: string): AsyncGenerator<string, void> {
  let rest = '';
  try {
    for await (const chunk of source.setEncoding('utf8') as AsyncIterable<string>) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } catch (error: unknown) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') throw damaged(path);
    throw new OperatorError(`${path} cannot be read (${code})`);
  }
}

function parsed<T>({ value, done }: IteratorResult<string, unknown>, path: string): T {
  if (done === true) throw damaged(path);
  try {
    return JSON.parse(String(value)) as T;
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): OperatorError {
  return new OperatorError(`${path} is damaged, cut short, or no backup`);
}
