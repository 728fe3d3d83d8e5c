// TypeORM's connection: the app's, whose pool carries the hand-written statements (design D12), and that of whoever changes the schema.
import * as pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { MIGRATION_FILES } from './migration-files';
import { CONNECT_MILLISECONDS, connectionSettings, REQUEST_CONNECTIONS } from './pools';

/** For requests: 20 connections, 2 s to get one. Migrations are not loaded for it: a start knows them by their files' names. */
export function dataSourceOptions(url: string, onPoolError: (error: Error) => void) {
  return {
    type: 'postgres',
    // The one we have: TypeORM would look for another in node_modules, beside what the build has put together (ADR 81).
    driver: pg,
    url,
    applicationName: 'latchkey',
    poolSize: REQUEST_CONNECTIONS,
    poolErrorHandler: onPoolError,
    connectTimeoutMS: CONNECT_MILLISECONDS,
    // All of the address, its sslmode too: TypeORM hands on its parts.
    extra: { ...connectionSettings, connectionString: url },
    synchronize: false,
    logging: false,
  } as const satisfies DataSourceOptions;
}

export function migratingOptions(url: string, onPoolError: (error: Error) => void): DataSourceOptions {
  return { ...dataSourceOptions(url, onPoolError), migrations: [MIGRATION_FILES], migrationsTableName: 'migrations' };
}
