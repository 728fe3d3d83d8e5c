// The folder for the files of an installation: secrets and admin key of development, the embedded database, the watermark.
import type { EnvironmentVariables } from './load-config';

/** Of LATCHKEY_DIR. */
export const DEFAULT_FOLDER = '.latchkey';
/** In that folder: the key of development's administrator. */
export const ADMIN_KEY_FILE = 'admin-key';

/** For those who need it before there is a configuration. */
export function ownFolder(variables: EnvironmentVariables): string {
  return variables['LATCHKEY_DIR'] || DEFAULT_FOLDER;
}
