// What a program of ours writes besides its log.
export interface Output {
  /** One JSON line for stdout. */
  readonly line: (text: string) => void;
  /** One line for people, on stderr. */
  readonly note: (text: string) => void;
}

export const output: Output = {
  line: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
};
