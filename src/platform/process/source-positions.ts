// Stack traces name the lines of the sources, as --enable-source-maps would have it. That flag reads a map as soon as a file is loaded, and
// keeps it; this reads it when the first stack trace is asked for, which in most processes is never.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';

/**
 * @param file as stack traces name it
 * @param folder where its map lies; without one it is named as it is
 */
export function nameSources(file: string, folder: string): void {
  let map: SourceMap | undefined;
  let isRead = false;
  const place = new RegExp(`(?<![^( ])${file.replace('.', '\\.')}:(\\d+):(\\d+)`);
  const inSources = (frame: string): string =>
    frame.replace(place, (as, line: string, column: string) => {
      if (!isRead) map = mapOf(join(folder, `${file}.map`));
      isRead = true;
      const found = map?.findEntry(Number(line) - 1, Number(column) - 1);
      if (found === undefined || !('originalSource' in found)) return as;
      const { originalSource, originalLine, originalColumn } = found;
      return `${join(folder, originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
    });
  Error.prepareStackTrace = (error, frames: readonly { toString(): string }[]) =>
    [headOf(error), ...frames.map((frame) => `    at ${inSources(frame.toString())}`)].join('\n');
}

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    return undefined;
  }
}

/** What V8 writes first; an error whose name or message throws must not make its stack throw. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
