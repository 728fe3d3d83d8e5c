import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvBoolean, EnvSecret } from '../config/fields';
import { Secret } from '../config/secret';

export class DatabaseConfig extends ConfigSlice {
  @EnvSecret() DATABASE_URL?: Secret;
  @EnvSecret() DATABASE_DIRECT_URL?: Secret;
  @EnvSecret() MIGRATION_DATABASE_URL?: Secret;
  @EnvBoolean() MIGRATE_ON_START?: boolean;
  @EnvBoolean() DATABASE_PREPARED: boolean = true;

  override applyDefaults(environment: Environment): void {
    this.MIGRATE_ON_START ??= !environment.production;
  }

  override problems(): Problem[] {
    const keys = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'MIGRATION_DATABASE_URL'] as const;
    const wrong = keys.filter((key) => this[key] !== undefined && !/^postgres(ql)?:\/\//.test(this[key].reveal()));
    const problems = wrong.map((key) => ({ key, reason: 'must begin with postgres://' }));
    if (this.DATABASE_URL === undefined) problems.push({ key: 'DATABASE_URL', reason: 'is required' });
    return problems;
  }

  get url(): string {
    return this.DATABASE_URL?.reveal() ?? '';
  }

  /** Whether a pooling proxy lies between us and PostgreSQL, which a second address tells. */
  get isPooled(): boolean {
    return this.directUrl !== this.url;
  }

  /** For LISTEN and session locks, which a transaction-pooling proxy does not carry, and for signs of life, which it must not hold up. */
  get directUrl(): string {
    return this.DATABASE_DIRECT_URL?.reveal() ?? this.url;
  }

  get migrationUrl(): string {
    return this.MIGRATION_DATABASE_URL?.reveal() ?? this.directUrl;
  }

  /** The role that uses the tables, where another one owns them; undefined where it is the same. */
  get appRole(): string | undefined {
    const [app, owner] = [this.url, this.migrationUrl].map((url) => decodeURIComponent(new URL(url).username));
    return app === '' || app === owner ? undefined : app;
  }
}
