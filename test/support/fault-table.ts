// The table that `npm run test:faults` prints: a test that measured a fault adds its row. Without that command nothing is written.
import { appendFileSync } from 'node:fs';

export interface FaultRow {
  /** Ids of the cases. */
  readonly cases: string;
  readonly fault: string;
  /** Operations of clients that were answered with success. */
  readonly acknowledged: number;
  /** Answers 503 and connections that failed, as clients saw them. */
  readonly errors: number;
  /** From the end of the fault, of a kill from the kill, to the next success of each client. */
  readonly recoveredMs: number;
  /** Acknowledged and gone, there without anybody having asked, there twice. */
  readonly lost: number;
  readonly phantom: number;
  readonly double: number;
}

export function addRow(row: FaultRow): void {
  const file = process.env['FAULT_TABLE'];
  if (file !== undefined)
    appendFileSync(file, `${JSON.stringify({ ...row, recoveredMs: Math.round(row.recoveredMs) })}\n`);
}
