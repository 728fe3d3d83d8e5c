import { loadConfig } from '../config/load-config';
import { DatabaseConfig } from './database.config';

function configOf(variables: Record<string, string>): DatabaseConfig {
  return loadConfig([DatabaseConfig], { NODE_ENV: 'production', ...variables }).get(DatabaseConfig);
}

const ESCAPED_PASSWORD = '%23%2F%25';

describe('the address of the database', () => {
  it.each([
    'postgres://app:secret@/x?host=/run/postgresql',
    `postgresql://app:${ESCAPED_PASSWORD}@[::1]:5433/x`,
    'postgres://app@db/x?sslmode=verify-full',
  ])('is taken, and its role known: %s', (DATABASE_URL) => {
    const MIGRATION_DATABASE_URL = 'postgres://owner:secret@/x?host=/run/postgresql';
    expect(configOf({ DATABASE_URL, MIGRATION_DATABASE_URL }).appRole).toBe('app');
  });
});
