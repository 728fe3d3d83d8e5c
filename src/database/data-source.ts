// TypeORM's connection options: for the app, whose pool also carries the hand-written statements (design D12), and for migrations.
import * as pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { MIGRATION_FILES } from './migration-files';
import { CONNECT_MILLISECONDS, connectionSettings, REQUEST_CONNECTIONS } from './pools';

/** For requests. Migrations are not loaded: a start only needs their names, which it takes from the files (migration-files.ts). */
export function dataSourceOptions(url: string, onPoolError: (error: Error) => void) {
  return {
    type: 'postgres',
    // Handed in, because TypeORM would look for it in node_modules, and the build has put it into its one file (ADR 81).
    driver: pg,
    url,
    applicationName: 'latchkey',
    poolSize: REQUEST_CONNECTIONS,
    poolErrorHandler: onPoolError,
    connectTimeoutMS: CONNECT_MILLISECONDS,
    // The whole address. TypeORM itself passes on only some parts of it, not sslmode for example.
    extra: { ...connectionSettings, connectionString: url },
    synchronize: false,
    logging: false,
  } as const satisfies DataSourceOptions;
}

export function migratingOptions(url: string, onPoolError: (error: Error) => void): DataSourceOptions {
  return { ...dataSourceOptions(url, onPoolError), migrations: [MIGRATION_FILES], migrationsTableName: 'migrations' };
}
