// In production the app's role must not be a superuser: SQL injection or a leaked URL would then cost the whole server (A95).
import { Injectable, OnModuleInit } from '@nestjs/common';
import { LoadedConfig } from '../config/load-config';
import { OperatorError } from '../platform/process/operator-error';
import { Database } from './database.service';
import { statement } from './sql';

const readRole = statement('database_role', 'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user');

@Injectable()
export class RoleCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly config: LoadedConfig,
  ) {}

  /** @throws OperatorError in production, which ends the start with one line */
  async onModuleInit(): Promise<void> {
    if (!this.config.environment.production) return;
    const [role] = await this.database.run<{ superuser: boolean }>(readRole, []);
    if (role?.superuser === true) throw new OperatorError('DATABASE_URL must not name a superuser in production');
  }
}
