// Makes stack traces name the lines of the sources, as --enable-source-maps does. That flag would read each map as soon as its file is loaded,
// and keep it in memory. Here, tables that the build has written (scripts/source-lines.cjs) are read from disk only for the entries of a trace
// that is printed. So an error costs little, even when a vendor fails often.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of an entry: the number of the source and its line. */
const ENTRY = 8;

/**
 * @param file its name in stack traces
 * @param folder with its tables `.lines` and `.sources`; without them traces stay as they are
 */
export function nameSources(file: string, folder: string): void {
  const place = new RegExp(`(?<![^( ])${file.replace('.', '\\.')}:(\\d+):\\d+`);
  const path = join(folder, file);
  const inSources = (frame: string): string =>
    frame.replace(place, (as, line: string) => {
      const found = lineOf(path, Number(line));
      return found === undefined ? as : `${join(folder, found.source)}:${found.line}`;
    });
  Error.prepareStackTrace = (error, frames: readonly { toString(): string }[]) =>
    [headOf(error), ...frames.map((frame) => `    at ${inSources(frame.toString())}`)].join('\n');
}

function lineOf(path: string, compiled: number): { source: string; line: number } | undefined {
  try {
    const entry = entryAt(`${path}.lines`, (compiled - 1) * ENTRY);
    const line = entry.readUInt32LE(ENTRY / 2);
    const source = sourcesOf(`${path}.sources`)[entry.readUInt32LE(0)];
    return line === 0 || source === undefined ? undefined : { source, line };
  } catch {
    return undefined;
  }
}

function entryAt(path: string, position: number): Buffer {
  const entry = Buffer.alloc(ENTRY);
  const file = openSync(path, 'r');
  try {
    readSync(file, entry, 0, ENTRY, position);
  } finally {
    closeSync(file);
  }
  return entry;
}

const read = new Map<string, readonly string[]>();

function sourcesOf(path: string): readonly string[] {
  const sources = read.get(path) ?? (JSON.parse(readFileSync(path, 'utf8')) as readonly string[]);
  read.set(path, sources);
  return sources;
}

/** The first line, as V8 writes it. An error whose name or message throws must not make its stack throw. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
