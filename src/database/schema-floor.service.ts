// Whether this program may run on the schema it finds (ADR 75). A newer schema is fine, since migrations keep what older programs use, until
// one takes something away and raises the schema floor. A program below the floor does not start; one that is running is no longer ready, so
// that it does not write what newer ones no longer read.
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
  /** How many migrations of this build have not been run. */
  readonly missing: number;
  /** The schema floor is above this program: what it uses was taken away. */
  readonly tooNew: boolean;
}

const UNDEFINED_TABLE = '42P01';

/** A database that was never migrated has no table of migrations either. */
function noneWithoutTable(error: NodeJS.ErrnoException): [] {
  if (error.code === UNDEFINED_TABLE) return [];
  throw error;
}

@Injectable()
export class SchemaFloor implements OnModuleInit {
  private readonly known = migrationNames();

  constructor(private readonly database: Database) {}

  /**
   * Missing migrations do not end a start (MIGRATE_ON_START=false): the process runs, and is not ready until they were made.
   * @throws OperatorError when the schema floor is above this program, which ends the start with one line
   */
  async onModuleInit(): Promise<void> {
    const state = await this.state().catch(() => undefined);
    if (state?.tooNew !== true) return;
    throw new OperatorError('the database was migrated for newer versions only: start one of those');
  }

  async state(): Promise<SchemaState> {
    const [found] = await this.database.run<{ applied: number }>(countKnown, [this.known]).catch(noneWithoutTable);
    const missing = this.known.length - (found?.applied ?? 0);
    // One of the missing migrations may be the one that makes the floor's table.
    if (missing > 0) return { missing, tooNew: false };
    const [floor] = await this.database.run<{ migration: string }>(readFloor, []);
    return { missing, tooNew: floor !== undefined && !this.known.includes(floor.migration) };
  }
}
