// A file that a command makes. It appears under its name only when it is complete, and never in place of another. Until then it is a draft,
// `<path>.<process id>.tmp`, of which a command that ends early, also by a signal, leaves nothing.
import { createWriteStream, existsSync, linkSync, readdirSync, rmSync, type WriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './is-alive';

const OWNER_ONLY = 0o600;

export class NewFile {
  /** Of the draft. Only its owner can read it. */
  readonly stream: WriteStream;
  private readonly draft: string;
  private readonly atExit = (): void => this.discard(); // after a signal the process ends before the command does

  constructor(private readonly path: string) {
    removeAbandonedDrafts(path);
    this.draft = `${path}.${process.pid}.tmp`;
    this.stream = createWriteStream(this.draft, { mode: OWNER_ONLY, flags: 'wx' });
    process.once('exit', this.atExit);
  }

  /** Gives the file its name, once the stream has ended. @throws the errors of the file system, EEXIST where there is such a file */
  publish(): void {
    linkSync(this.draft, this.path); // unlike a rename, this never overwrites a file
  }

  /** Removes the draft, published or not. */
  discard(): void {
    rmSync(this.draft, { force: true });
    process.off('exit', this.atExit);
  }
}

/** Drafts of this file whose processes were killed. In a container the killed one often had the id that this process has. */
function removeAbandonedDrafts(path: string): void {
  const folder = dirname(path);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const match = /^(.+)\.(\d+)\.tmp$/.exec(name);
    const pid = Number(match?.[2]);
    if (match?.[1] === basename(path) && (pid === process.pid || !isAlive(pid))) rmSync(join(folder, name));
  }
}
