// The highest mark of each database that was seen from here, in a file outside the database (ADR 72). Written whole and renamed into
// place. Invariant: a mark in it never falls; a file that cannot be read counts as none.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Watermark {
  readonly mark: number;
  /** The database was seen to go back while we ran: it must not start again without a floor above this mark. */
  readonly wentBack?: boolean;
}

type Watermarks = Readonly<Record<string, Watermark | undefined>>;

const NAME = 'watermark.json';
/** Databases of one folder; the oldest marks go. */
const KEPT = 50;

export class WatermarkFile {
  private readonly path: string;

  constructor(private readonly folder: string) {
    this.path = join(folder, NAME);
  }

  of(database: string): Watermark | undefined {
    return this.all()[database];
  }

  /** By the database's id. */
  all(): Watermarks {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as Watermarks;
    } catch {
      return {};
    }
  }

  /** @throws the file system's error */
  write(database: string, seen: Watermark): void {
    const all = this.all();
    const known = all[database];
    const mark = Math.max(known?.mark ?? 0, seen.mark);
    const next = { ...all, [database]: seen.wentBack === true ? { mark, wentBack: true } : { mark } };
    const newest = Object.entries(next).sort(([, a], [, b]) => (b?.mark ?? 0) - (a?.mark ?? 0));
    const draft = `${this.path}.${process.pid}`;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(Object.fromEntries(newest.slice(0, KEPT)))}\n`, { mode: 0o600 });
    renameSync(draft, this.path);
  }
}
