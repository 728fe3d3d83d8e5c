// Whether this program may work on the schema it finds (ADR 75). Newer is fine: every step keeps what the programs before it use,
// until one that takes something away raises the floor. A program below the floor does not start, and one that runs is no longer
// ready, so that it does not write what its successors no longer read.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { OperatorError } from '../platform/process/operator-error';
import { Database } from './database.service';
import { migrationNames } from './migration-files';
import { statement } from './sql';

const countKnown = statement(
  'schema_known',
  'SELECT count(*)::int AS applied FROM migrations WHERE name = ANY ($1::text[])',
);
const readFloor = statement('schema_floor', 'SELECT migration FROM schema_floor');

export interface SchemaState {
  /** How many migrations of this build are still to be run. */
  readonly missing: number;
  /** A newer version has taken away what this one uses. */
  readonly tooNew: boolean;
}

const UNDEFINED_TABLE = '42P01';

/** In a database that was never migrated not even the list of migrations is there. */
function noneWithoutTable(error: NodeJS.ErrnoException): [] {
  if (error.code === UNDEFINED_TABLE) return [];
  throw error;
}

@Injectable()
export class SchemaFloor implements OnModuleInit {
  private readonly known = migrationNames();

  constructor(private readonly database: Database) {}

  /**
   * Only what is known ends a start: with the tables still to come (MIGRATE_ON_START=false) the process is up, and not ready.
   * @throws OperatorError when a newer version has taken away what this one uses: ends the start with one line
   */
  async onModuleInit(): Promise<void> {
    const state = await this.state().catch(() => undefined);
    if (state?.tooNew !== true) return;
    throw new OperatorError('the database was migrated for newer versions only: start one of those');
  }

  async state(): Promise<SchemaState> {
    const [found] = await this.database.run<{ applied: number }>(countKnown, [this.known]).catch(noneWithoutTable);
    const missing = this.known.length - (found?.applied ?? 0);
    // While behind, the table of the floor may be among what is missing.
    if (missing > 0) return { missing, tooNew: false };
    const [floor] = await this.database.run<{ migration: string }>(readFloor, []);
    return { missing, tooNew: floor !== undefined && !this.known.includes(floor.migration) };
  }
}
