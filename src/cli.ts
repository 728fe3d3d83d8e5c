// `npm run cli -- <group> <command>`: the operator's command line (see cli/command-line.ts). It makes the app as main does,
// without HTTP and without running jobs. stdout: the result only; a mistake of the operator: one line on stderr, exit code 1.
import 'reflect-metadata';
import { pino } from 'pino';
import { loadAppConfig } from './app.config';
import { createContext } from './app.context';
import { type OpenApp, runCommandLine } from './cli/command-line';
import { commandGroups } from './cli/groups';
import { openStorage } from './cli/storage';
import { ConfigError, type LoadedConfig } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { SchemaFloor } from './database/schema-floor.service';
import { databaseProblem, explain } from './platform/process/explain';
import { OperatorError } from './platform/process/operator-error';

const STDERR = 2;

interface Part {
  close(): Promise<void>;
}

/** What an end has to wait for and undo, in the order of making; each may still be under way. */
const opened: Promise<Part>[] = [];
let interrupted = false;
let closing = Promise.resolve();
const note = (line: string): void => void process.stderr.write(`${line}\n`);

async function open({ verbose }: { verbose: boolean }): Promise<OpenApp> {
  const storage = await part(openStorage(process.env));
  const config = loadAppConfig(storage.variables);
  const lines = pino.destination({ dest: STDERR, sync: true });
  const app = await part(createContext(config, { lines, level: verbose ? 'debug' : 'silent' }).catch(explainDatabase));
  await part(
    bringUpToDate(app.get(SchemaFloor, { strict: false }), config).then(() => ({ close: () => Promise.resolve() })),
  );
  return { get: (provider) => app.get(provider, { strict: false }), close };
}

/** @throws OperatorError once interrupted, so that nothing is begun that nobody would undo */
async function part<Made extends Part>(making: Promise<Made>): Promise<Made> {
  opened.push(making);
  const made = await making;
  if (interrupted) throw new OperatorError('interrupted');
  return made;
}

/** One after another: whoever asks waits for what another asked for. */
function close(): Promise<void> {
  closing = closing.then(closeParts);
  return closing;
}

/** Newest first, each once. */
async function closeParts(): Promise<void> {
  for (let newest = opened.pop(); newest !== undefined; newest = opened.pop()) {
    const made = await newest.catch(() => undefined); // what was not made needs no end
    await made?.close();
  }
}

/** As the app does when it starts: where it does not migrate by itself, neither do we. */
async function bringUpToDate(schema: SchemaFloor, config: LoadedConfig): Promise<void> {
  if ((await schema.state()).missing === 0) return;
  const { MIGRATE_ON_START, migrationUrl, appRole } = config.get(DatabaseConfig);
  if (MIGRATE_ON_START !== true) throw new OperatorError('the database is behind this build: npm run migrate first');
  const { migrate } = await import('./database/migrate');
  await migrate(migrationUrl, note, appRole);
}

/** What the driver says has a code but does not say which setting led to it. */
function explainDatabase(error: Error & { code?: string }): never {
  if (error.code === undefined || databaseProblem(error) !== undefined) throw error;
  throw new OperatorError(`the database cannot be used (${error.message || error.code}): check DATABASE_URL`);
}

async function main(): Promise<number> {
  const host = {
    open,
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => note(text.trimEnd()),
  };
  try {
    return await runCommandLine(commandGroups, process.argv.slice(2), host);
  } catch (error) {
    note(`latchkey: ${explain(error, [ConfigError])}`);
    return 1;
  } finally {
    await close();
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void close().finally(() => process.exit(1));
  });
}
process.stdout.on('error', () => undefined); // nobody reads us any more
// Once all is written: what a module keeps running must not keep the command.
void main().then((code) => process.stdout.write('', () => process.exit(code)));
