// `npm run cli -- <group> <command>`: the operator's command line (see cli/command-line.ts). It makes the app as main.ts does, but without HTTP and
// without running jobs. stdout gets the result and nothing else. A mistake of the operator gives one line on stderr and exit code 1.
import 'reflect-metadata';
import { pino } from 'pino';
import { loadAppConfig } from './app.config';
import { createContext } from './app.context';
import { type OpenApp, runCommandLine } from './cli/command-line';
import { commandGroups } from './cli/groups';
import { openStorage } from './cli/storage';
import { ConfigError, type LoadedConfig } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { migrateOnStart } from './database/migrate-on-start';
import { SchemaFloor } from './database/schema-floor.service';
import { databaseProblem, explain } from './platform/process/explain';
import { OperatorError } from './platform/process/operator-error';
import { output } from './platform/process/output';

const STDERR = 2;

interface Part {
  close(): Promise<void>;
}

/** What has to be closed at the end, in the order in which it was begun. A part may still be in the making. */
const opened: Promise<Part>[] = [];
let interrupted = false;
let closing = Promise.resolve();
const { note } = output;

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

/** Notes a part, so that it is closed at the end. @throws OperatorError after an interruption, so that no further part is begun */
async function part<Made extends Part>(making: Promise<Made>): Promise<Made> {
  opened.push(making);
  const made = await making;
  if (interrupted) throw new OperatorError('interrupted');
  return made;
}

/** Closes all parts. A second call waits for the first, and closes what was begun meanwhile. */
function close(): Promise<void> {
  closing = closing.then(closeParts);
  return closing;
}

/** Closes the newest part first, and each part once. */
async function closeParts(): Promise<void> {
  for (let newest = opened.pop(); newest !== undefined; newest = opened.pop()) {
    const made = await newest.catch(() => undefined); // what could not be made needs no closing
    await made?.close();
  }
}

/** Migrates the database where the start of the app would do so. @throws OperatorError where it would not, and a migration is missing */
async function bringUpToDate(schema: SchemaFloor, config: LoadedConfig): Promise<void> {
  if ((await schema.state()).missing === 0) return;
  const isDone = await migrateOnStart(config.get(DatabaseConfig), note);
  if (!isDone) throw new OperatorError('the database is behind this build: npm run migrate first');
}

/** Names the setting to look at. Errors of the driver have a code, but do not name the setting that has caused them. */
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
process.stdout.on('error', () => undefined); // nobody reads the result any more
// Exits as soon as everything is written, because something that a module keeps running must not keep the command from ending.
void main().then((code) => process.stdout.write('', () => process.exit(code)));
