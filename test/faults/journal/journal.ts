// What clients were told, on disk before their next step: a fact is acknowledged when its whole answer arrived, unsure when none did or
// it was 503, and what was refused is none. The comparison afterwards reads the file and nothing else.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Rows N1 to N10 of the ledger (security.md 3.1) in the words of this API. */
export type FactKind =
  | 'registered'
  | 'signed-in'
  | 'refreshed'
  | 'wrong-code'
  | 'queued'
  | 'password'
  | 'phone'
  | 'recovery-codes'
  | 'recovery-code-used'
  | 'logged-out';

export interface Fact {
  readonly kind: FactKind;
  /** Of the client's person: one for each registration. */
  readonly person: number;
  readonly outcome: 'acknowledged' | 'unsure';
  /** Scenario under which it was. */
  readonly fault: string;
  readonly phone?: string;
  readonly password?: string;
  readonly challengeToken?: string;
  readonly code?: string;
  readonly sessionId?: string;
  readonly refreshToken?: string;
  readonly codes?: readonly string[];
}

export class Journal {
  private readonly file: number;

  constructor(private readonly path: string) {
    this.file = openSync(path, 'a');
  }

  write(fact: Fact): void {
    writeSync(this.file, `${JSON.stringify(fact)}\n`);
    fsyncSync(this.file);
  }

  read(): Fact[] {
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Fact);
  }

  close(): void {
    closeSync(this.file);
  }
}
