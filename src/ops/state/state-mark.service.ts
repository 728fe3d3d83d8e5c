// Keeps the mark of the database growing and a copy of it outside, and refuses to begin with a database that went back (ADR 72): an
// older state that was restored brings back sessions, codes and passwords that were ended since.
// Invariant: the copy is written after the database has it, and read before the database is, so it is never ahead of a database that did not
// go back, whatever other instances of the folder write meanwhile.
import { BeforeApplicationShutdown, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { OperatorError } from '../../platform/process/operator-error';
import { Readiness } from '../../platform/request/readiness';
import { StateConfig } from './state.config';
import { type DatabaseState, hasGoneBack } from './state.policy';
import { WatermarkFile } from './watermark-file';

const BEAT_SECONDS = 15;
/** No such table, no right to it: what the migration brings, and readiness or another check speaks of until then. */
const NOT_YET = ['42P01', '42501'];

const read = statement(
  'state_read',
  'SELECT id, mark::float8 AS mark, floor_mark::float8 AS "floorMark" FROM database_state',
);
// The database's own clock, which no test and no client moves; $1 what was seen of it last.
const advance = statement(
  'state_advance',
  `UPDATE database_state SET mark = greatest(mark + 1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) WHERE mark >= $1
   RETURNING id, mark::float8 AS mark, floor_mark::float8 AS "floorMark"`,
);

@Injectable()
export class StateMark implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('state');
  private readonly file: WatermarkFile;
  private seen: DatabaseState | undefined;
  private isWriting = true;

  constructor(
    private readonly database: Database,
    private readonly jobs: JobRegistry,
    private readonly readiness: Readiness,
    { LATCHKEY_DIR }: StateConfig,
  ) {
    this.file = new WatermarkFile(LATCHKEY_DIR);
  }

  onModuleInit(): void {
    this.jobs.registerBeat({ name: 'state_mark', seconds: BEAT_SECONDS, work: () => this.beat() });
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.seen !== undefined) await this.beat().catch(() => undefined);
  }

  /** Once, before anything is served. A schema that is still to come is looked at by the first beat. @throws OperatorError when the database went back */
  async begin(): Promise<void> {
    const state = await this.look().catch((error: unknown) => {
      if (NOT_YET.includes((error as { code?: string }).code ?? '')) return undefined;
      throw error;
    });
    if (state === undefined) return;
    if (state.wentBack) throw new OperatorError(wentBackText());
    await this.move(state);
  }

  /** How far the database is, and whether that is behind what was seen from here. @throws Error on a database without the row, which no migration leaves */
  async look(): Promise<DatabaseState & { wentBack: boolean }> {
    const copies = this.file.all();
    const [state] = await this.database.run<DatabaseState>(read, []);
    if (state === undefined) throw new Error('database_state is empty');
    return { ...state, wentBack: hasGoneBack(state, copies[state.id]) };
  }

  private async beat(): Promise<void> {
    if (this.seen === undefined) return this.beginLate();
    if (!(await this.move(this.seen))) this.stopServing(this.seen);
  }

  private async beginLate(): Promise<void> {
    await this.begin().catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      this.logger.error({ event: 'alarm', name: 'database_went_back' });
      this.readiness.draining = true;
    });
  }

  /** @returns false when the database stands before the state */
  private async move({ mark }: DatabaseState): Promise<boolean> {
    const [moved] = await this.database.run<DatabaseState>(advance, [mark]);
    if (moved === undefined) return false;
    this.seen = moved;
    this.write({ mark: moved.mark });
    return true;
  }

  private stopServing({ mark }: DatabaseState): void {
    if (this.readiness.draining) return;
    this.logger.error({ event: 'alarm', name: 'database_went_back' });
    this.readiness.draining = true;
    this.write({ mark, wentBack: true });
  }

  private write(watermark: { mark: number; wentBack?: boolean }): void {
    if (this.seen === undefined || !this.isWriting) return;
    try {
      this.file.write(this.seen.id, watermark);
    } catch (error) {
      this.isWriting = false;
      this.logger.warn({
        event: 'no_watermark',
        err: error,
        reason: 'LATCHKEY_DIR cannot be written: a restore of an older state goes unnoticed',
      });
    }
  }
}

function wentBackText(): string {
  return 'the database went back to an older state than was seen from here, so what was ended since would live again: npm run cli -- state raise-floor (docs/production.md, After a restore)';
}
