// The whole system under test: a database of its own, the simulator, one or two instances of the API, and a clock to move.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { freePort } from '../../src/platform/process/ports';
import { ApiClient } from './api-client';
import { ClockFile } from './clock-file';
import { createDatabase, type TestDatabase } from './database';
import { MailboxReader } from './mailbox';
import { PhoneReader } from './phone';
import { Program, type ReadyLine } from './program';

export interface SystemOptions {
  /** How many instances of the API share the database and the simulator; 1 unless told. */
  readonly instances?: 1 | 2;
  /** On top of the harness's own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** SMS_PROVIDERS; telnyx unless told. */
  readonly provider?: string;
  /** Vendors post receipts to the first instance. Without it they tell nothing, and a delivery ends at `sent`. */
  readonly receipts?: boolean;
  /** The simulator's relay takes mail, and the API sends it there. */
  readonly mail?: boolean;
  /** Another checkout, built, whose programs run. */
  readonly root?: string;
  /** Instead of a clone of the template; dropped with the system. */
  readonly database?: TestDatabase;
}

interface Parts {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly simulator: Program;
  readonly env: Record<string, string>;
  readonly root: string | undefined;
  /** PORT of the first instance: known beforehand where vendors are to reach it. */
  readonly firstPort: string;
}

export class System {
  readonly apis: ApiClient[] = [];
  /** The operators' ports, in the order of `apis`. */
  readonly admins: ApiClient[] = [];
  private readonly readies: ReadyLine[] = [];
  readonly phone: PhoneReader;
  readonly mailbox: MailboxReader;
  /** For assertions in SQL. */
  readonly database: Pool;
  private readonly programs: Program[] = [];

  constructor(
    readonly clock: ClockFile,
    /** Origin of the simulator. */
    readonly simulator: string,
    private readonly parts: Parts,
  ) {
    this.phone = new PhoneReader(simulator);
    this.mailbox = new MailboxReader(simulator);
    this.database = new Pool({ connectionString: parts.database.url, max: 4 });
    this.database.on('error', () => undefined);
  }

  /** The first instance. */
  get api(): ApiClient {
    const [first] = this.apis;
    if (first === undefined) throw new Error('no instance was started');
    return first;
  }

  /** The two instances of a system with two. */
  get both(): [ApiClient, ApiClient] {
    const [first, second] = this.apis;
    if (first === undefined || second === undefined) throw new Error('no second instance was started');
    return [first, second];
  }

  /** The operators' port of the first instance. */
  get admin(): ApiClient {
    const [first] = this.admins;
    if (first === undefined) throw new Error('no instance was started');
    return first;
  }

  /** Key of the administrator that development has by itself: every scope. */
  get adminKey(): string {
    return readFileSync(join(this.parts.folder, 'admin-key'), 'utf8').trim();
  }

  /** A secret that development has generated, such as SIMULATOR_TELNYX_SEED. */
  secret(name: string): string {
    return readFileSync(join(this.parts.folder, 'secrets', name), 'utf8');
  }

  get databaseUrl(): string {
    return this.parts.database.url;
  }

  /** Variables of every instance, and of a command that is to see what they see. */
  get env(): Readonly<Record<string, string>> {
    return this.parts.env;
  }

  /** What every program wrote so far, stdout and stderr. */
  logs(): string {
    return [this.parts.simulator, ...this.programs].map((program) => program.logs()).join('\n');
  }

  /** What an instance said when it was ready. */
  ready(instance: number): ReadyLine {
    return this.readies[instance] ?? {};
  }

  pid(instance: number): number {
    return this.program(instance).pid;
  }

  /** Sends a signal to an instance and waits for its end. @returns its exit code, null when the signal ended it */
  async kill(instance: number, signal: NodeJS.Signals): Promise<number | null> {
    this.program(instance).kill(signal);
    return (await this.program(instance).exited).code;
  }

  /** Stops an instance as the end of `npm start` does: at once, without the time for a load balancer to notice. @returns its exit code */
  async end(instance: number): Promise<number | null> {
    this.orphan(instance);
    return (await this.program(instance).exited).code;
  }

  /** Closes the channel to an instance, as the death of its parent does. */
  orphan(instance: number): void {
    this.program(instance).child.disconnect();
  }

  /**
   * Starts instance `instance` (again), with the same environment and `env` on top; it gets a new port.
   * @param root checkout whose build runs, that of the system unless told
   */
  async restart(instance: number, env: Readonly<Record<string, string>> = {}, root = this.parts.root): Promise<void> {
    await this.programs[instance]?.stop();
    const port = instance === 0 ? { PORT: this.parts.firstPort } : {};
    const program = new Program('main.js', { ...this.parts.env, ...port, ...env }, { root });
    this.programs[instance] = program;
    const ready = await program.ready();
    this.readies[instance] = ready;
    this.apis[instance] = new ApiClient(String(ready['api']));
    this.admins[instance] = new ApiClient(String(ready['admin']));
  }

  /** Ends all of it, whatever state it is in. */
  async stop(): Promise<void> {
    await Promise.all([...this.programs, this.parts.simulator].map((program) => program.stop()));
    await this.database.end();
    await this.parts.database.drop();
    rmSync(this.parts.folder, { recursive: true, force: true });
  }

  private program(instance: number): Program {
    const program = this.programs[instance];
    if (program === undefined) throw new Error(`there is no instance ${instance}`);
    return program;
  }
}

/** @throws Error with the output of the program that did not come up; then everything is ended already. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-system-'));
  const clock = new ClockFile(join(folder, 'clock'));
  const common = {
    NODE_ENV: 'development',
    LATCHKEY_DIR: folder,
    CLOCK_OFFSET_FILE: clock.path,
    SMS_PROVIDERS: options.provider ?? 'telnyx',
    SIMULATOR_PORT: '0',
    SIMULATOR_SMTP_PORT: options.mail === true ? '0' : 'off',
    ...options.env,
  };
  const firstPort = options.receipts === true ? String(await freePort()) : '0';
  const webhooks = options.receipts === true ? { SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${firstPort}` } : {};
  const database = options.database ?? (await createDatabase());
  const simulator = new Program('simulator/main.js', { ...common, ...webhooks }, { root: options.root });
  try {
    const { simulator: origin, smtp } = await simulator.ready();
    const address = String(origin);
    const mail = typeof smtp === 'string' ? { SMTP_URL: smtp } : {};
    const env = { ...common, ...appVariables(database.url, address), ...mail, ...options.env };
    const system = new System(clock, address, { folder, database, simulator, env, root: options.root, firstPort });
    return await withInstances(system, options.instances ?? 1);
  } catch (error) {
    await simulator.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function withInstances(system: System, count: number): Promise<System> {
  try {
    await Promise.all(Array.from({ length: count }, (_, instance) => system.restart(instance)));
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

function appVariables(databaseUrl: string, simulator: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    MIGRATE_ON_START: 'false',
    PORT: '0',
    SIMULATOR_PORT: new URL(simulator).port,
    BCRYPT_COST: '4',
  };
}
