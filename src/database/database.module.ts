import { Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './data-source';
import { DatabaseConfig } from './database.config';
import { Database } from './database.service';
import { RoleCheck } from './role-check';
import { SchemaFloor } from './schema-floor.service';
import { Transactions } from './transactions';

const logger = new Logger('database');

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig],
      useFactory: (config: DatabaseConfig) => ({
        ...dataSourceOptions(config.url, (error) => logger.warn(`connection lost: ${error.message}`)),
        autoLoadEntities: true,
        retryAttempts: 3,
        retryDelay: 1000,
      }),
    }),
  ],
  providers: [Database, Transactions, RoleCheck, SchemaFloor],
  exports: [Database, Transactions, SchemaFloor],
})
export class DatabaseModule {}
