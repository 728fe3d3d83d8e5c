// Keeps the highest mark of each database that was seen from here, in a file outside the database (ADR 72). The file is replaced as a whole; a file
// that cannot be read counts as empty. Beside it there is one file for each database that was found to have gone back. Writing a mark does
// not touch these files, so no other process that uses this folder can undo them (ADR 67).
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Watermarks = Readonly<Record<string, { readonly mark: number } | undefined>>;

const NAME = 'watermark.json';
/** How many databases are remembered: those with the highest marks. */
const KEPT = 50;

export class WatermarkFile {
  constructor(private readonly folder: string) {}

  of(database: string): number | undefined {
    return this.all()[database]?.mark;
  }

  /** All marks, by the ids of their databases. */
  all(): Watermarks {
    return this.read<Watermarks>(NAME) ?? {};
  }

  /** The highest mark when this database was found to have gone back. The app may use the database again after a floor above this mark. */
  wentBackAt(database: string): number | undefined {
    return this.read<{ mark: number }>(flagOf(database))?.mark;
  }

  /** @throws the file system's error */
  write(database: string, mark: number): void {
    const all = this.all();
    const next = { ...all, [database]: { mark: Math.max(all[database]?.mark ?? 0, mark) } };
    const newest = Object.entries(next).sort(([, a], [, b]) => (b?.mark ?? 0) - (a?.mark ?? 0));
    this.replace(NAME, Object.fromEntries(newest.slice(0, KEPT)));
  }

  /** @throws the file system's error */
  writeWentBack(database: string, mark: number): void {
    this.replace(flagOf(database), { mark });
  }

  private read<T>(name: string): T | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as T;
    } catch {
      return undefined;
    }
  }

  private replace(name: string, value: object): void {
    const draft = join(this.folder, `${name}.${process.pid}`);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(draft, join(this.folder, name));
  }
}

const flagOf = (database: string) => `went-back-${database}.json`;
