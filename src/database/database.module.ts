import { Global, Logger, Module } from '@nestjs/common';
import { Pool } from 'pg';
import { DatabaseConfig } from './database.config';
import { Database } from './database.service';
import { connected, openRequestPool } from './pools';
import { RoleCheck } from './role-check';
import { SchemaFloor } from './schema-floor.service';
import { Transactions } from './transactions';

const logger = new Logger('database');

@Global()
@Module({
  providers: [
    {
      provide: Pool,
      inject: [DatabaseConfig],
      useFactory: ({ url }: DatabaseConfig): Promise<Pool> =>
        connected(
          openRequestPool(url, (error) => logger.warn(`connection lost: ${error.message}`)),
          (error) => logger.warn(`no connection yet: ${error.message}`),
        ),
    },
    Database,
    Transactions,
    RoleCheck,
    SchemaFloor,
  ],
  exports: [Database, Transactions, SchemaFloor],
})
export class DatabaseModule {}
