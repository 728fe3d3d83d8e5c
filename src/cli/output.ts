// What a command prints on stdout: its result and nothing else. It is text for people, or with --json one JSON object per line; both are
// made of the same record.

export type Cell = string | number | boolean | Date | readonly string[] | Structured | null;
export type Row = Readonly<Record<string, Cell>>;

const GAP = '  ';

/** What programs get as it is, and people as a text. */
export class Structured {
  constructor(
    private readonly value: object,
    private readonly text: string,
  ) {}

  toJSON(): object {
    return this.value;
  }

  toString(): string {
    return this.text;
  }
}

export class Output {
  /**
   * @param write gets text with its line end
   * @param json whether the option --json was given
   */
  constructor(
    private readonly write: (text: string) => void,
    private readonly json: boolean,
  ) {}

  /** A table with a heading; all rows must have the same keys. @param none printed instead of an empty table; with --json nothing is */
  list(rows: readonly Row[], none: string): void {
    if (this.json) return rows.forEach((row) => this.line(JSON.stringify(row)));
    const [first] = rows;
    if (first === undefined) return this.line(none);
    const table = [Object.keys(first), ...rows.map((row) => Object.values(row).map(shown))];
    const widths = Object.keys(first).map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0)));
    for (const cells of table)
      this.line(
        cells
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join(GAP)
          .trimEnd(),
      );
  }

  /** One outcome. @param text the same for people, in one or more lines */
  result(record: object, text: string): void {
    this.line(this.json ? JSON.stringify(record) : text);
  }

  private line(text: string): void {
    this.write(`${text}\n`);
  }
}

/** For people: dates as ISO 8601, lists with commas, a dash for null. */
export function shown(cell: Cell): string {
  if (cell === null || (Array.isArray(cell) && cell.length === 0)) return '-';
  if (cell instanceof Date) return cell.toISOString();
  return cell.toString();
}
