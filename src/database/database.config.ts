import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvBoolean, EnvSecret, isDecodable } from '../config/fields';
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
    const problems: Problem[] = keys.flatMap((key) => {
      const reason = this[key] && reasonAgainst(this[key].reveal());
      return reason ? [{ key, reason }] : [];
    });
    if (this.DATABASE_URL === undefined) problems.push({ key: 'DATABASE_URL', reason: 'is required' });
    return problems;
  }

  get url(): string {
    return this.DATABASE_URL?.reveal() ?? '';
  }

  /** Whether there is a pooling proxy between us and PostgreSQL. The setting of a second, direct address says so. */
  get isPooled(): boolean {
    return this.directUrl !== this.url;
  }

  /** For LISTEN and session locks, which do not work through a transaction-pooling proxy, and for heartbeats, which it must not delay. */
  get directUrl(): string {
    return this.DATABASE_DIRECT_URL?.reveal() ?? this.url;
  }

  get migrationUrl(): string {
    return this.MIGRATION_DATABASE_URL?.reveal() ?? this.directUrl;
  }

  /** The role that uses the tables when another role owns them; undefined when the same role does. */
  get appRole(): string | undefined {
    const [app, owner] = [this.url, this.migrationUrl].map((url) =>
      decodeURIComponent(new URL(withHost(url)).username),
    );
    return app === '' || app === owner ? undefined : app;
  }
}

// A `#`, `/` or `?` in a password ends the address early, so its `@` comes later, and a `%` that begins no escape cannot be decoded. Said here, because
// the errors of those who read the address later name no setting.
function reasonAgainst(address: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(address)) return 'must begin with postgres://';
  const whole = withHost(address);
  const isWhole = URL.canParse(whole) && isDecodable(new URL(whole)) && endsItsAuthority(new URL(whole));
  return isWhole ? undefined : 'must be an address, special characters of a password as %XX';
}

/** Digits before the `#`, `/` or `?` would pass for a port, and what follows for a path. */
function endsItsAuthority({ pathname, searchParams, hash }: URL): boolean {
  return hash === '' && ![pathname, ...searchParams.keys()].some((part) => part.includes('@'));
}

/** With a socket (`postgres://user:password@/name?host=/run/postgresql`) the host is empty, which `new URL` refuses beside a user. */
function withHost(address: string): string {
  return address.replace(/^([^/]*\/\/[^/@]*)@\//, '$1@localhost/');
}
