// Two instances on a PostgreSQL that can crash, with faults to be had on every way between: the network to the database, the network to
// the first vendor, and named points of the second instance. What clients were told is in one journal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';
import { chanceOf } from '../../support/chance';
import { CrashingPostgres } from '../../support/crashing-postgres';
import { startSystem, type System } from '../../support/instance';
import { KillPoints } from '../../support/kill-points';
import { phoneNumbers } from '../../support/person';
import { TcpProxy } from '../../support/tcp-proxy';
import { Journal } from './journal';
import { JournalClient } from './journal-client';
import { until } from '../../support/patience';

/** Instance that passes the named points. */
export const VICTIM = 1;
/** Before anybody says that a client stands still. */
const PATIENCE_MS = 120_000;

export interface Measured {
  readonly fault: string;
  readonly cases: string;
  readonly acknowledged: number;
  readonly errors: number;
  readonly recoveredMs: number;
  /** What no client may see, whatever broke. */
  readonly unexpected: readonly string[];
}

export class Scene {
  private readonly nextPhone = phoneNumbers();

  private constructor(
    readonly postgres: CrashingPostgres,
    readonly vendor: TcpProxy,
    readonly system: System,
    readonly points: KillPoints,
    readonly journal: Journal,
    readonly database: Pool,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Scene> {
    const postgres = await CrashingPostgres.start();
    const vendor = await TcpProxy.to('http://127.0.0.1:9');
    const env = {
      ...LIMITS_OFF_BUT_OF_NUMBERS,
      DATABASE_URL: postgres.url,
      MIGRATE_ON_START: 'true',
      JWT_ISSUER: 'https://id.example',
    };
    const telnyx = { TELNYX_BASE_URL: new URL(vendor.through('http://127.0.0.1:9')).origin };
    const system = await startSystem({ env: { ...env, ...telnyx }, provider: 'telnyx,twilio' });
    vendor.pointTo(system.simulator);
    const points = await KillPoints.before(postgres.url);
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-journal-'));
    const database = new Pool({ connectionString: postgres.url, max: 2 });
    database.on('error', () => undefined);
    const scene = new Scene(postgres, vendor, system, points, new Journal(join(folder, 'journal')), database, folder);
    await scene.restartVictim();
    return scene;
  }

  restartVictim(): Promise<void> {
    return this.system.restart(VICTIM, { DATABASE_URL: this.points.through(this.postgres.url) });
  }

  /** @param work makes the fault and ends it; its value is when it ended, by performance.now() */
  async under(
    fault: string,
    cases: string,
    count: number,
    work: (clients: Clients) => Promise<number>,
  ): Promise<Measured> {
    const clients = new Clients(
      Array.from(
        { length: count },
        (_, index) =>
          new JournalClient(this.system, this.journal, fault, this.nextPhone, chanceOf(`${fault} ${index}`)),
      ),
    );
    try {
      await clients.progress(3);
      const recoveredMs = await clients.recoveredSince(await work(clients));
      await clients.progress(3);
      return { fault, cases, recoveredMs, ...(await clients.stop()) };
    } finally {
      await clients.stop();
    }
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.system.stop();
    await Promise.all([this.points.close(), this.vendor.close()]);
    await this.postgres.stop();
    this.journal.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Clients {
  constructor(private readonly clients: readonly JournalClient[]) {}

  /** Returns when each client was told of so many successes more. */
  async progress(steps: number): Promise<void> {
    const goals = this.clients.map(({ successes }) => successes.length + steps);
    await this.until(() => this.clients.every(({ successes }, at) => successes.length >= (goals[at] ?? 0)));
  }

  /** Returns when clients were refused so often since the call, each about as often as another. */
  async refused(times: number): Promise<void> {
    const goal = this.errors + times * this.clients.length;
    await this.until(() => this.errors >= goal);
  }

  /** @returns milliseconds until every client had a success again */
  async recoveredSince(moment: number): Promise<number> {
    await this.until(() => this.clients.every(({ successes }) => (successes.at(-1) ?? 0) > moment));
    return Math.max(...this.clients.map(({ successes }) => (successes.find((at) => at > moment) ?? moment) - moment));
  }

  /** What clients were refused, how often. */
  get refusals(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const refusal of this.clients.flatMap(({ refusals }) => refusals))
      counts[refusal] = (counts[refusal] ?? 0) + 1;
    return counts;
  }

  async stop(): Promise<Pick<Measured, 'acknowledged' | 'errors' | 'unexpected'>> {
    await Promise.all(this.clients.map((client) => client.stop()));
    const acknowledged = this.clients.reduce((sum, { successes }) => sum + successes.length, 0);
    return { acknowledged, errors: this.errors, unexpected: this.clients.flatMap(({ unexpected }) => unexpected) };
  }

  private get errors(): number {
    return this.clients.reduce((sum, client) => sum + client.refusals.length, 0);
  }

  private async until(holds: () => boolean): Promise<void> {
    const look = (): boolean => {
      if (holds()) return true;
      const [unexpected] = this.clients.flatMap((client) => client.unexpected);
      if (unexpected !== undefined) throw new Error(`a client was told: ${unexpected}`);
      return false;
    };
    await until(look, 'what each client has to do', PATIENCE_MS, 5);
  }
}
