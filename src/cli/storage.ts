// Where a command finds the database. DATABASE_URL as for the app; without it, in development, the embedded PostgreSQL of
// LATCHKEY_DIR: the running one, else one started for the command. The last user of it stops it (see embedded-postgres).
import type { EnvironmentVariables } from '../config/load-config';
import { OperatorError } from '../platform/process/operator-error';

export interface Storage {
  /** The variables the app is configured from. */
  readonly variables: EnvironmentVariables;
  close(): Promise<void>;
}

const DEFAULT_FOLDER = '.latchkey';

/**
 * NODE_ENV is assumed only where nothing is at stake: without DATABASE_URL it means development, as for `npm start`.
 * @throws OperatorError when there is no embedded server, or it cannot be used
 */
export async function openStorage(given: EnvironmentVariables): Promise<Storage> {
  const NODE_ENV = given['NODE_ENV'] || 'development';
  const isGiven = Boolean(given['DATABASE_URL'] || given['DATABASE_URL_FILE']);
  if (isGiven || NODE_ENV !== 'development') return { variables: given, close: () => Promise.resolve() };
  const { startEmbeddedPostgres } = await embedded();
  const server = await startEmbeddedPostgres({ folder: given['LATCHKEY_DIR'] || DEFAULT_FOLDER });
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

/** Images for production leave it out. */
async function embedded() {
  try {
    return await import('../database/embedded/embedded-postgres');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new OperatorError('DATABASE_URL is required: this build has no embedded PostgreSQL');
  }
}
