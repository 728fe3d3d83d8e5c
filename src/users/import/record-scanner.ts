// Cuts a file into records as its bytes arrive, with the same little memory for a file of any length: JSON lines at every line end, CSV at line
// ends outside of quotes (RFC 4180). Each record knows its line and where it ends in the file, so that an import can go on after any of them.
// A record that is too long is not kept, but it is read to its end by the same rules, so that nothing inside its quotes counts as a record.

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** Many times the length of a real record. */
export const MAX_RECORD_BYTES = 65_536;

export interface FileRecord {
  /** The line in which the record begins, counted from 1. */
  readonly line: number;
  /** The record without its line end; undefined when it is longer than MAX_RECORD_BYTES. */
  readonly bytes: Buffer | undefined;
  /** Bytes from the start of the file to the end of this record, its line end included. */
  readonly end: number;
  /** Lines from the start of the file to the last line of this record, which is included. */
  readonly endLine: number;
}

/** How far a file was read: bytes and lines that lie before this place. */
export interface Place {
  readonly bytes: number;
  readonly lines: number;
}

/**
 * Where the scanner is in CSV. field: at the start of a field. plain: inside a field without quotes. quoted: inside quotes. quote: behind a
 * quote that ends the quotes, unless another quote follows.
 */
type Quoting = 'field' | 'plain' | 'quoted' | 'quote';

export class RecordScanner {
  private readonly pieces: Buffer[] = [];
  private kept = 0;
  private isTooLong = false;
  private isEmpty = true;
  private lines: number;
  private quoting: Quoting = 'field';

  /**
   * @param place of the first byte that will be pushed
   * @param delimiter of CSV, one ASCII character; undefined for JSON lines
   */
  constructor(
    private place: Place,
    private readonly delimiter?: string,
  ) {
    this.lines = place.lines;
  }

  /** The records that end in this chunk. */
  *push(chunk: Buffer): Generator<FileRecord> {
    let from = 0;
    for (let at = this.endIn(chunk, from); at >= 0; at = this.endIn(chunk, from)) {
      this.keep(chunk.subarray(from, at));
      yield this.finish(at + 1 - from);
      from = at + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
    this.place = { ...this.place, bytes: this.place.bytes + chunk.length - from };
  }

  /** The last record of a file that does not end with a line end. */
  *end(): Generator<FileRecord> {
    if (!this.isEmpty) yield this.finish(0);
  }

  private keep(piece: Buffer): void {
    this.isEmpty &&= piece.length === 0;
    this.kept += piece.length;
    this.isTooLong ||= this.kept > MAX_RECORD_BYTES;
    if (this.isTooLong) this.pieces.length = 0;
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private finish(bytes: number): FileRecord {
    const text = this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
    const line = this.place.lines + 1;
    this.place = { bytes: this.place.bytes + bytes, lines: Math.max(this.lines, line) };
    const record = { line, bytes: this.isTooLong ? undefined : withoutReturn(text), ...this.placeEnd() };
    this.pieces.length = 0;
    [this.kept, this.isTooLong, this.isEmpty, this.quoting, this.lines] = [0, false, true, 'field', this.place.lines];
    return record;
  }

  private placeEnd() {
    return { end: this.place.bytes, endLine: this.place.lines };
  }

  /** Where the current record ends; -1 when that is not in this chunk. */
  private endIn(chunk: Buffer, from: number): number {
    if (this.delimiter === undefined) {
      const at = chunk.indexOf(LINE_FEED, from);
      if (at >= 0) this.lines += 1;
      return at;
    }
    const delimiter = this.delimiter.charCodeAt(0);
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === LINE_FEED) {
        this.lines += 1;
        if (this.quoting !== 'quoted') return at;
      } else {
        this.quoting = after(this.quoting, byte, delimiter);
      }
    }
    return -1;
  }
}

/** A quote opens a quoted field only at the start of the field. Inside the quotes, two quotes stand for one, and a single quote ends them. */
function after(quoting: Quoting, byte: number, delimiter: number): Quoting {
  if (quoting === 'quoted') return byte === QUOTE ? 'quote' : 'quoted';
  if (byte === delimiter) return 'field';
  if (byte === QUOTE && quoting !== 'plain') return 'quoted';
  return 'plain';
}

function withoutReturn(bytes: Buffer | undefined): Buffer {
  const text = bytes ?? Buffer.alloc(0);
  return text.at(-1) === CARRIAGE_RETURN ? text.subarray(0, -1) : text;
}
