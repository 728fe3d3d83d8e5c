// Backup and restore for operators (ADR 72). A restore is one transaction: rows, floor and mark are written together, or nothing is. The floor is
// left out only when the operator says that the database moves. Then a backup is refused that is older than what was seen from here.
import { existsSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { loadBackup } from '../../database/backup/load-backup';
import { readBackup } from '../../database/backup/read-backup';
import { writeBackup, type Written } from '../../database/backup/write-backup';
import { DatabaseConfig } from '../../database/database.config';
import { openOwner } from '../../database/owner';
import { OperatorError } from '../../platform/process/operator-error';
import { FloorService } from './floor.service';
import { StateConfig } from './state.config';
import { WatermarkFile } from './watermark-file';

/** The jobs that are restored before a floor: events for the webhook. Jobs of messages are left out, because the floor ends their challenges. */
const KEPT_JOBS = ['audit_webhook'];

const usersText = 'SELECT EXISTS (SELECT FROM users) AS used';
// Every running app has connections of the queue's worker, under this name.
const runningText = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'latchkey-jobs') AS running`;
const touchText = 'UPDATE database_state SET mark = mark + 1';

export interface RestoreOptions {
  /** Accounts that are in the database are given up for those of the backup. */
  readonly replace: boolean;
  /** The operator says that the database moves: nobody has used the old one since the backup, and nobody will. */
  readonly moved: boolean;
  readonly by: string;
}

export interface Restored {
  readonly rows: number;
  readonly at: string;
  readonly floor: boolean;
}

@Injectable()
export class RestoreService {
  private readonly file: WatermarkFile;

  constructor(
    private readonly database: DatabaseConfig,
    private readonly floor: FloorService,
    { LATCHKEY_DIR }: StateConfig,
  ) {
    this.file = new WatermarkFile(LATCHKEY_DIR);
  }

  /** @param path of a file that does not exist yet. @throws OperatorError */
  async backup(path: string): Promise<Written> {
    if (existsSync(path)) throw new OperatorError(`${path} exists already`);
    return this.withOwner(async (owner) => {
      await owner.query(touchText);
      return writeBackup(owner, path);
    });
  }

  /** @throws OperatorError when the restore is not possible; nothing has changed then */
  async restore(path: string, { replace, moved, by }: RestoreOptions): Promise<Restored> {
    const reader = await readBackup(path);
    const { at, database, mark } = reader.header;
    if (moved && mark < (this.file.of(database) ?? 0)) {
      throw new OperatorError('the database was used after this backup: leave out --moved, or make a new backup of it');
    }
    return this.withOwner(async (owner) => {
      await owner.query('BEGIN');
      await demandRoom(owner, replace);
      const rows = await loadBackup(owner, reader, moved ? undefined : KEPT_JOBS);
      if (!moved) await this.floor.raiseIn(owner, by);
      await owner.query('COMMIT');
      return { rows, at, floor: !moved };
    });
  }

  private async withOwner<T>(work: (owner: Client) => Promise<T>): Promise<T> {
    const owner = await openOwner(this.database.migrationUrl);
    try {
      return await work(owner);
    } catch (error) {
      throw explained(error as Error & { code?: string; path?: string });
    } finally {
      await owner.end().catch(() => undefined);
    }
  }
}

async function demandRoom(owner: Client, replace: boolean): Promise<void> {
  const running = await owner.query<{ running: boolean }>(runningText);
  if (running.rows[0]?.running === true)
    throw new OperatorError('the app is running on this database: stop every instance first');
  const used = await owner.query<{ used: boolean }>(usersText);
  if (used.rows[0]?.used === true && !replace) {
    throw new OperatorError('there are accounts in this database: --replace gives them up for those of the backup');
  }
}

function explained(error: Error & { code?: string; path?: string; dest?: string }): Error {
  const file = error.dest ?? error.path ?? 'the file';
  if (error.code === '42501')
    return new OperatorError('this takes the owner of the tables: set MIGRATION_DATABASE_URL');
  // The driver's message is left out, because it shows the row.
  if (/^2[23]/.test(error.code ?? ''))
    return new OperatorError('the backup is damaged: it holds what the database refuses');
  if (error.code === '55P03') return new OperatorError('the database is in use: stop every instance first');
  if (error.code === 'EEXIST') return new OperatorError(`${file} exists already`);
  if (error.code === 'ENOENT' || error.code === 'EACCES')
    return new OperatorError(`${file} cannot be written (${error.code})`);
  return error;
}
