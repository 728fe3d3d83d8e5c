// The connection of whoever changes the schema: the only use of TypeORM.
import type { DataSourceOptions } from 'typeorm';
import { MIGRATION_FILES } from './migration-files';
import { CONNECT_MILLISECONDS, connectionSettings } from './pools';

export function dataSourceOptions(url: string, onPoolError: (error: Error) => void): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    poolErrorHandler: onPoolError,
    connectTimeoutMS: CONNECT_MILLISECONDS,
    extra: connectionSettings,
    migrations: [MIGRATION_FILES],
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
  };
}
