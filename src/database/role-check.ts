// In production the app's role must not be a superuser, or SQL injection or a leaked DATABASE_URL would give away the whole server (A95). Nor
// may it own tables, itself or through a role it is a member of: an owner can remove the guards of the audit log (A99, ASVS 16.4.2).
import { Injectable, OnModuleInit } from '@nestjs/common';
import { LoadedConfig } from '../config/load-config';
import { OperatorError } from '../platform/process/operator-error';
import { Database } from './database.service';
import { statement } from './sql';

const readRole = statement(
  'database_role',
  `SELECT r.rolsuper AS superuser, ARRAY(
     SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'graphile_worker') AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(current_user, c.relowner, 'MEMBER')
      ORDER BY c.relname = 'audit_log' DESC, 1 LIMIT 1
   ) AS owned FROM pg_roles r WHERE r.rolname = current_user`,
);

@Injectable()
export class RoleCheck implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly config: LoadedConfig,
  ) {}

  /** @throws OperatorError in production, which ends the start with one line of explanation */
  async onModuleInit(): Promise<void> {
    if (!this.config.environment.production) return;
    const [role] = await this.database.run<{ superuser: boolean; owned: string[] }>(readRole, []);
    if (role?.superuser === true) throw new OperatorError('DATABASE_URL must not name a superuser in production');
    const [owned] = role?.owned ?? [];
    if (owned === undefined) return;
    throw new OperatorError(
      `DATABASE_URL must not name a role that owns tables in production (${owned}): migrate with another (MIGRATION_DATABASE_URL)`,
    );
  }
}
