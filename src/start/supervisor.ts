// Starts the parts of `npm start`: database, simulator, migrations and API, in that order. It ends them in the reverse order, and when one of them
// dies. When another start uses the folder, no program is started.
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConfig } from '../config/http.config';
import { type EnvironmentVariables, loadConfig } from '../config/load-config';
import { DatabaseConfig } from '../database/database.config';
import { startEmbeddedPostgres } from '../database/embedded/embedded-postgres';
import { OperatorError } from '../platform/process/operator-error';
import type { Output } from '../platform/process/output';
import { freePort, portComesFree } from '../platform/process/ports';
import type { ReadyLine } from '../platform/process/ready-line';
import { ChildProgram } from './child-program';
import { lockFolder } from './folder-lock';
import { StartConfig } from './start.config';

/** How long a part of an earlier start that was killed may take to leave its port. */
const PORT_WITHIN_MS = 8000;
const RELOCK_EVERY_MS = 500;

interface Storage {
  /** Direct connection, for the lock of the folder. */
  readonly directUrl: string;
  readonly migrationUrl: string | undefined;
  /** The role that uses the tables, when it is not the one that migrates. */
  readonly appRole?: string | undefined;
  readonly env: EnvironmentVariables;
  /** Stops the embedded server. Absent when the server belongs to the operator. */
  readonly stop?: () => Promise<void>;
}

export class Supervisor {
  private readonly undo: (() => Promise<void>)[] = [];
  private stopping = false;
  private readonly folder: string;
  private readonly http: HttpConfig;
  private readonly config: StartConfig;

  /**
   * @param dist folder of the built programs
   * @param onDeath called when a part ends that was not asked to
   * @throws ConfigError
   */
  constructor(
    private readonly variables: EnvironmentVariables,
    private readonly dist: string,
    private readonly output: Output,
    private readonly onDeath: (how: string) => void,
  ) {
    const loaded = loadConfig([HttpConfig, StartConfig], variables);
    this.http = loaded.get(HttpConfig);
    this.config = loaded.get(StartConfig);
    this.folder = madeFolder(this.config.LATCHKEY_DIR);
  }

  /** @returns the ready line. @throws OperatorError when a part does not come up; stop() must be called then, too */
  async start(): Promise<{ api: string; simulator: string } & ReadyLine> {
    const storage = await this.openStorage();
    await this.holdFolder(storage);
    if (storage.stop !== undefined) this.undo.unshift(storage.stop);
    const port = await this.takePort('PORT', this.http.PORT, this.http.HOST);
    const simulatorPort = await this.takePort('SIMULATOR_PORT', this.config.SIMULATOR_PORT, '127.0.0.1');
    const env = this.environment(storage, port, simulatorPort);
    const simulator = this.run('the simulator', 'simulator/main.js', env);
    if (storage.migrationUrl !== undefined) {
      const { migrate } = await import('../database/migrate');
      await migrate(storage.migrationUrl, (line) => this.output.note(line), storage.appRole);
    }
    const { simulator: simulatorAddress, smtp } = await simulator.ready;
    const ready = await this.run('the API', 'main.js', { ...env, ...this.mailBy(smtp) }).ready;
    return { ...ready, api: String(ready['api']), simulator: String(simulatorAddress) };
  }

  /** Ends everything that was started, the newest first, one after the other. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (let step = this.undo.pop(); step !== undefined; step = this.undo.pop()) await step();
  }

  private async openStorage(): Promise<Storage> {
    if (this.variables['DATABASE_URL'] || this.variables['DATABASE_URL_FILE']) {
      const database = loadConfig([DatabaseConfig], this.variables).get(DatabaseConfig);
      const { directUrl, migrationUrl, appRole, MIGRATE_ON_START } = database;
      return { directUrl, migrationUrl: MIGRATE_ON_START === false ? undefined : migrationUrl, appRole, env: {} };
    }
    void import('../database/migrate'); // loads while initdb works
    const server = await startEmbeddedPostgres({ folder: this.folder });
    const { url } = server;
    const env = { DATABASE_URL: url, DATABASE_DIRECT_URL: '', MIGRATION_DATABASE_URL: '' };
    return { directUrl: url, migrationUrl: url, env, stop: () => server.stop() };
  }

  /**
   * Takes the lock of the folder. When the connection of the lock ends, the embedded server has died, and so everything ends. A server of the
   * operator may come back: the app waits for it, and the lock is taken again.
   */
  private async holdFolder(storage: Storage): Promise<void> {
    const lost = (): void => {
      if (this.stopping) return;
      if (storage.stop !== undefined) return this.onDeath('the embedded PostgreSQL ended');
      void this.holdAgain(storage);
    };
    const lock = await lockFolder(storage.directUrl, this.folder, lost);
    this.undo.unshift(() => lock.release());
  }

  private async holdAgain(storage: Storage): Promise<void> {
    while (!this.stopping) {
      await sleep(RELOCK_EVERY_MS);
      try {
        return await this.holdFolder(storage);
      } catch (error) {
        if ((error as Error).message.startsWith('already running')) return this.onDeath((error as Error).message);
      }
    }
  }

  private async takePort(key: string, port: number, host: string): Promise<number> {
    if (port === 0) return freePort(host);
    if (await portComesFree(port, host, PORT_WITHIN_MS)) return port;
    throw new OperatorError(`port ${port} is in use: set ${key} to another, or 0 for a free one`);
  }

  private environment(storage: Storage, port: number, simulatorPort: number): NodeJS.ProcessEnv {
    const api = `http://127.0.0.1:${port}`;
    return {
      ...this.variables,
      ...storage.env,
      LATCHKEY_DIR: this.folder,
      MIGRATE_ON_START: 'false',
      PORT: String(port),
      ADMIN_PORT: this.variables['ADMIN_PORT'] || (this.http.PORT === 0 ? '0' : ''),
      METRICS_PORT: this.variables['METRICS_PORT'] || (this.http.PORT === 0 ? '0' : ''),
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_WEBHOOK_URL: this.variables['SIMULATOR_WEBHOOK_URL'] || api,
      UV_THREADPOOL_SIZE: this.variables['UV_THREADPOOL_SIZE'] || String(availableParallelism() + 4),
    };
  }

  /** The simulator's relay, unless SMTP_URL is set, even to nothing. */
  private mailBy(smtp: unknown): NodeJS.ProcessEnv {
    const isSaid = 'SMTP_URL' in this.variables || 'SMTP_URL_FILE' in this.variables;
    return isSaid || typeof smtp !== 'string' ? {} : { SMTP_URL: smtp };
  }

  private run(title: string, file: string, env: NodeJS.ProcessEnv): ChildProgram {
    if (this.stopping) throw new OperatorError('stopped');
    const program = new ChildProgram({
      title,
      module: join(this.dist, file),
      env,
      passOn: (line) => this.output.line(line),
    });
    this.undo.push(() => program.stop());
    void program.ended.then(({ how }) => this.stopping || this.onDeath(how));
    return program;
  }
}

/** @throws OperatorError when the folder cannot be made or written to, because a file is in the way or the place is not ours */
function madeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    accessSync(path, constants.W_OK | constants.X_OK);
    return realpathSync(path);
  } catch (error) {
    throw new OperatorError(`LATCHKEY_DIR cannot be a folder of ours (${(error as NodeJS.ErrnoException).code})`);
  }
}
