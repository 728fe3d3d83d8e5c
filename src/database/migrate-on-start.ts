// The migrations of a start, whichever program starts.
import type { DatabaseConfig } from './database.config';

/** Loads the libraries for it only where it migrates. @returns false where MIGRATE_ON_START says not to. @throws as migrate */
export async function migrateOnStart(config: DatabaseConfig, onProgress: (line: string) => void): Promise<boolean> {
  if (config.MIGRATE_ON_START !== true) return false;
  const { migrate } = await import('./migrate');
  await migrate(config.migrationUrl, onProgress, config.appRole);
  return true;
}
