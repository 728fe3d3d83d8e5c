// Where a command finds the database. It uses DATABASE_URL like the app. Without it, in development, it uses the embedded PostgreSQL of
// LATCHKEY_DIR: the running server, or one that it starts. The last user of that server stops it (embedded-postgres.ts).
import type { EnvironmentVariables } from '../config/load-config';
import { ownFolder } from '../config/own-folder';
import { OperatorError } from '../platform/process/operator-error';

export interface Storage {
  /** The variables from which the app is configured. */
  readonly variables: EnvironmentVariables;
  close(): Promise<void>;
}

/**
 * Assumes a NODE_ENV only where that is harmless: without DATABASE_URL it is development, as for `npm start`.
 * @throws OperatorError when there is no embedded server, or it cannot be used
 */
export async function openStorage(given: EnvironmentVariables): Promise<Storage> {
  const NODE_ENV = given['NODE_ENV'] || 'development';
  const isGiven = Boolean(given['DATABASE_URL'] || given['DATABASE_URL_FILE']);
  if (isGiven || NODE_ENV !== 'development') return { variables: given, close: () => Promise.resolve() };
  const { startEmbeddedPostgres } = await embedded();
  const server = await startEmbeddedPostgres({ folder: ownFolder(given) });
  return {
    variables: {
      ...given,
      NODE_ENV,
      DATABASE_URL: server.url,
      DATABASE_DIRECT_URL: '',
      MIGRATION_DATABASE_URL: '',
    },
    close: () => server.stopUnlessUsed(),
  };
}

/** Loaded only here, because images for production do not contain it. */
async function embedded() {
  try {
    return await import('../database/embedded/embedded-postgres');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new OperatorError('DATABASE_URL is required: this build has no embedded PostgreSQL');
  }
}
