// Raises the floor for an operator: it ends everything that was made before, so that the app may start again on a database that went back (ADR
// 72). It changes every account, so it runs on a connection of the owner of the tables, without time-outs.
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { DatabaseConfig } from '../../database/database.config';
import { openOwner } from '../../database/owner';
import { Clock } from '../../platform/clock/clock';
import { FLOOR, MARK, NOTE } from './floor.sql';
import { StateConfig } from './state.config';
import { WatermarkFile } from './watermark-file';

export interface Floor {
  readonly mark: number;
}

@Injectable()
export class FloorService {
  private readonly file: WatermarkFile;

  constructor(
    private readonly database: DatabaseConfig,
    private readonly clock: Clock,
    { LATCHKEY_DIR }: StateConfig,
  ) {
    this.file = new WatermarkFile(LATCHKEY_DIR);
  }

  /** @param by who asks, such as `cli:root`. @throws OperatorError */
  async raise(by: string): Promise<Floor> {
    const owner = await openOwner(this.database.migrationUrl);
    try {
      await owner.query('BEGIN');
      const floor = await this.raiseIn(owner, by);
      await owner.query('COMMIT');
      return floor;
    } finally {
      await owner.end();
    }
  }

  /** The same as part of the caller's transaction. */
  async raiseIn(owner: Client, by: string): Promise<Floor> {
    const now = this.clock.now();
    for (const text of FLOOR) await owner.query(text, [now]);
    await owner.query(NOTE, [now, by, process.pid]);
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM database_state');
    const seen = rows[0] === undefined ? 0 : this.highest(rows[0].id);
    const { rows: marked } = await owner.query<{ mark: number }>(MARK, [seen]);
    return { mark: marked[0]?.mark ?? 0 };
  }

  /** The highest mark of this database that the files in LATCHKEY_DIR have. */
  private highest(database: string): number {
    return Math.max(this.file.of(database) ?? 0, this.file.wentBackAt(database) ?? 0);
  }
}
