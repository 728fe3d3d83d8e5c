// Collects what readiness.policy.ts judges. One check runs at a time, and requests that come meanwhile get its outcome. So nobody can load the
// database through this public route.
import { Injectable, Logger } from '@nestjs/common';
import { SigningKeysService } from '../../auth/tokens/signing-keys.service';
import { ReadOnlyConnection } from '../../database/database.errors';
import { Database } from '../../database/database.service';
import { SchemaFloor } from '../../database/schema-floor.service';
import { statement } from '../../database/sql';
import { SystemClock } from '../../platform/clock/system-clock';
import { Readiness } from '../../platform/request/readiness';
import { within } from '../../platform/time/in-time';
import { LoopLag } from './loop-lag';
import { notReadyBecause, Observation } from './readiness.policy';

const DATABASE_MILLISECONDS = 1000;

/** PostgreSQL's code of the error that the role lacks a right. */
const INSUFFICIENT_PRIVILEGE = '42501';

const look = statement(
  'ops_readiness',
  `SELECT clock_timestamp() AS at, current_setting('transaction_read_only')::boolean AS "readOnly"`,
);

interface Look {
  readonly at: Date;
  readonly readOnly: boolean;
}

@Injectable()
export class HealthService {
  private readonly logger = new Logger('health');
  // Has no offset file, because the clock of the machine is to be compared, and not one that a test moves.
  private readonly machineClock = new SystemClock();
  private running: Promise<boolean> | undefined;
  private lastReasons = '';

  constructor(
    private readonly database: Database,
    private readonly schema: SchemaFloor,
    private readonly readiness: Readiness,
    private readonly loopLag: LoopLag,
    private readonly keys: SigningKeysService,
  ) {}

  ready(): Promise<boolean> {
    this.running ??= this.check().finally(() => (this.running = undefined));
    return this.running;
  }

  /**
   * How far the database's clock is ahead of this machine's. It has read it between question and answer, so its time is compared with the middle of
   * both.
   * @throws AppError as Database; with ReadOnlyConnection as its cause on a standby
   */
  async skewMilliseconds(): Promise<number> {
    const asked = this.machineClock.now().getTime();
    const { at } = await this.look();
    return at.getTime() - (asked + this.machineClock.now().getTime()) / 2;
  }

  private async check(): Promise<boolean> {
    const [database, canSign] = await Promise.all([
      within(DATABASE_MILLISECONDS, this.query().catch(asNoRights)),
      within(DATABASE_MILLISECONDS, this.sign()),
    ]);
    const observation: Observation = {
      draining: this.readiness.draining,
      canSign: canSign === true,
      loopLagMilliseconds: this.loopLag.p99Milliseconds,
      ...(database === undefined ? {} : { database }),
    };
    const reasons = notReadyBecause(observation).join(', ');
    if (reasons !== this.lastReasons) this.logger.warn(reasons === '' ? 'ready again' : `not ready: ${reasons}`);
    this.lastReasons = reasons;
    return reasons === '';
  }

  private async sign(): Promise<true> {
    await this.keys.current();
    return true;
  }

  private async query(): Promise<Observation['database']> {
    const { missing, tooNew } = await this.schema.state();
    const skewMilliseconds = await this.skewMilliseconds().catch(asReadOnly);
    if (skewMilliseconds === 'read-only') return skewMilliseconds;
    return { migrationsMissing: missing, schemaTooNew: tooNew, skewMilliseconds };
  }

  private look(): Promise<Look> {
    return this.database.withClient(async (client) => {
      const [row] = await this.database.runOn<Look>(client, look, []);
      if (row === undefined) throw new Error('the statement always has a row');
      if (row.readOnly) throw new ReadOnlyConnection();
      return row;
    });
  }
}

/** @throws any other error */
function asReadOnly(error: Error): 'read-only' {
  if (error.cause instanceof ReadOnlyConnection) return 'read-only';
  throw error;
}

/** @throws any other error */
function asNoRights(error: NodeJS.ErrnoException): 'no-rights' {
  if (error.code === INSUFFICIENT_PRIVILEGE) return 'no-rights';
  throw error;
}
