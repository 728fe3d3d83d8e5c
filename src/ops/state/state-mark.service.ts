// Increases the mark of the database every 15 s and keeps a copy of it in a file. When the database has a lower mark than the file, an older
// state was restored, with sessions, codes and passwords that had been ended since. Then the app refuses to start (ADR 72).
// Invariants: the copy is written after the database has the mark, and it is read before the database is. So the copy is never ahead of a
// database that did not go back, whatever other instances write meanwhile. When the database went back, an instance that goes on without
// noticing cannot hide that from the others (ADR 67).
import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { alarmRaised } from '../../platform/logging/alarm';
import { OperatorError } from '../../platform/process/operator-error';
import { Readiness } from '../../platform/request/readiness';
import { StateConfig } from './state.config';
import { type DatabaseState, hasGoneBack } from './state.policy';
import { WatermarkFile } from './watermark-file';

const BEAT_SECONDS = 15;
/** PostgreSQL's codes for: no such table, no such column, no right. A migration will bring them. Until then readiness reports what is missing. */
const NOT_YET = ['42P01', '42703', '42501'];
/** How many of its latest marks the database keeps: those of an hour, when there is one instance. */
const KEPT = 256;

const NO_WATERMARK = 'LATCHKEY_DIR cannot be written: until it can be, a restore of an older state may go unnoticed';

const STATE = 'id, mark::float8 AS mark, floor_mark::float8 AS "floorMark", went_back_mark::float8 AS "wentBackMark"';
const read = statement('state_read', `SELECT ${STATE} FROM database_state`);
const tell = statement(
  'state_went_back',
  'UPDATE database_state SET went_back_mark = greatest(went_back_mark, $1::bigint)',
);
// $1 the highest mark that was seen from here; $2 the last mark that this process has written, null at first. A database that did not go back has
// $2 among its latest marks, or all of these are newer than $2. A database that went back has lost $2, even when another instance has gone on
// since. Gives no row then. The time is that of the database, which no test and no client moves.
const advance = statement(
  'state_advance',
  `UPDATE database_state SET mark = greatest(mark + 1, now_mark), marks = (marks || greatest(mark + 1, now_mark))[greatest(1, cardinality(marks) + 2 - ${KEPT}):]
     FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_mark) clock
    WHERE mark >= $1 AND ($2::bigint IS NULL OR $2 = ANY (marks) OR cardinality(marks) = 0 OR $2 < marks[1])
   RETURNING ${STATE}`,
);

@Injectable()
export class StateMark implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('state');
  private readonly file: WatermarkFile;
  private seen: DatabaseState | undefined;
  private isFailing = false;
  private hasStopped = false;

  constructor(
    private readonly database: Database,
    private readonly jobs: JobRegistry,
    private readonly readiness: Readiness,
    { LATCHKEY_DIR }: StateConfig,
  ) {
    this.file = new WatermarkFile(LATCHKEY_DIR);
  }

  onModuleInit(): void {
    const isBegun = (): boolean => this.seen !== undefined;
    this.jobs.registerBeat({ name: 'state_mark', seconds: BEAT_SECONDS, isBegun, work: () => this.beat() });
  }

  /** Writes a last mark. This comes after the jobs have ended: their time is bounded (stop.policy.ts), and a slow database must not use it up. */
  async onApplicationShutdown(): Promise<void> {
    if (this.seen !== undefined) await this.beat().catch(() => undefined);
  }

  /**
   * Must be called once, before anything is served. While a migration is missing it does nothing, and the first beat after that does its work.
   * @throws OperatorError when the database went back
   */
  async begin(): Promise<void> {
    const state = await this.look().catch((error: unknown) => {
      if (NOT_YET.includes((error as { code?: string }).code ?? '')) return undefined;
      throw error;
    });
    if (state === undefined) return;
    if (!state.wentBack && (await this.move(state.id, state.mark, null))) return;
    await this.tell(state.id, Math.max(state.mark, this.file.of(state.id) ?? 0));
    throw new OperatorError(wentBackText());
  }

  /** The state of the database, and whether it is behind what was seen from here. @throws Error when the row that a migration makes is missing */
  async look(): Promise<DatabaseState & { wentBack: boolean }> {
    const copies = this.file.all();
    const [state] = await this.database.run<DatabaseState>(read, []);
    if (state === undefined) throw new Error('database_state is empty');
    return { ...state, wentBack: this.hasGoneBack(state, copies[state.id]?.mark) };
  }

  private async beat(): Promise<void> {
    if (this.seen === undefined) return this.beginLate();
    const { id, mark } = this.seen;
    if (!(await this.move(id, Math.max(mark, this.file.of(id) ?? 0), mark))) await this.stopServing(this.seen);
  }

  private async beginLate(): Promise<void> {
    await this.begin().catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      this.logger.error(alarmRaised('database_went_back'));
      this.readiness.draining = true;
    });
  }

  /**
   * @param seen the highest mark that was seen from here
   * @param own the last mark that this process has written, null at first
   * @returns false when the database went back
   */
  private async move(id: string, seen: number, own: number | null): Promise<boolean> {
    const [moved] = await this.database.run<DatabaseState>(advance, [seen, own]);
    if (moved === undefined || this.hasGoneBack(moved, undefined)) return false;
    this.seen = moved;
    this.keep(() => this.file.write(id, moved.mark));
    return true;
  }

  private hasGoneBack(state: DatabaseState, mark: number | undefined): boolean {
    return hasGoneBack(state, { mark, wentBackAt: this.file.wentBackAt(state.id) });
  }

  /** Tells it at every beat, since what could not be written before may be written now. */
  private async stopServing({ id, mark }: DatabaseState): Promise<void> {
    if (!this.hasStopped) this.logger.error(alarmRaised('database_went_back'));
    this.hasStopped = true;
    this.readiness.draining = true;
    await this.tell(id, mark);
  }

  /** Tells every other instance and every later start that the database went back. */
  private async tell(id: string, mark: number): Promise<void> {
    this.keep(() => this.file.writeWentBack(id, mark));
    await this.database.run(tell, [mark]);
  }

  /** Never fails: a later beat writes what cannot be written now. A series of failures is logged once, when it begins. */
  private keep(write: () => void): void {
    try {
      write();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ event: 'no_watermark', err: error, reason: NO_WATERMARK });
      this.isFailing = true;
    }
  }
}

function wentBackText(): string {
  return 'the database went back to an older state than was seen from here, so what was ended since would live again: npm run cli -- state raise-floor (docs/data.md, After a restore)';
}
