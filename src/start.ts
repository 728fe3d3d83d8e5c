// `npm start`: everything for development in one command (see start/supervisor.ts). stdout gets JSON lines, one of which is the ready line. stderr
// gets the addresses, a first session to paste, progress, and one line when something is wrong. After a signal the exit code is 0, after the death
// of a part it is 1.
import { join } from 'node:path';
import { ConfigError } from './config/load-config';
import { ADMIN_KEY_FILE, ownFolder } from './config/own-folder';
import { explain } from './platform/process/explain';
import { OperatorError } from './platform/process/operator-error';
import { output } from './platform/process/output';
import { firstSession } from './start/first-session';
import { Supervisor } from './start/supervisor';

/** Longer than any part takes to end. */
const HARD_EXIT_MS = 60_000;

function environment(): NodeJS.ProcessEnv {
  const given = process.env;
  const NODE_ENV = given['NODE_ENV'] || 'development';
  if (NODE_ENV !== 'production') return { ...given, NODE_ENV };
  throw new OperatorError('npm start is for development and NODE_ENV is production: use npm run start:prod');
}

function main(): void {
  let ending: Promise<void> | undefined;
  let starting: Promise<void> = Promise.resolve();
  const supervisor = new Supervisor(environment(), __dirname, output, (how) =>
    end(1, `${how}, so everything is stopped`),
  );

  function end(code: number, why?: string): void {
    if (ending !== undefined) return;
    if (why !== undefined) output.note(`latchkey: ${why}`);
    setTimeout(() => process.exit(code), HARD_EXIT_MS).unref();
    ending = supervisor
      .stop()
      .then(() => starting)
      .then(() => supervisor.stop()) // ends what a start under way has begun meanwhile
      .catch((error: unknown) => output.note(`latchkey: ${explain(error)}`))
      .finally(() => process.exit(code));
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.stdout.on('error', () => end(0)); // nobody reads us any more
  starting = supervisor.start().then(
    (ready) => {
      output.note(
        `\nAPI        ${ready.api} (in a browser: the pages)\nDashboard  ${String(ready['admin'])}/dashboard (its key is in ${join(ownFolder(process.env), ADMIN_KEY_FILE)})\nSimulator  ${ready.simulator} (shows the phones and the mailboxes)\n\nA first session to paste:\n`,
      );
      output.note(firstSession(ready));
      output.line(JSON.stringify({ ...ready, event: 'ready' }));
    },
    (error: unknown) => end(1, explain(error, [ConfigError])),
  );
}

try {
  main();
} catch (error) {
  output.note(`latchkey: ${explain(error, [ConfigError])}`);
  process.exitCode = 1;
}
