import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';
import { DEFAULT_FOLDER } from '../../config/own-folder';

/** Where the watermark is kept. The folder must outlive the process, and must not be part of a backup of the database. */
export class StateConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = DEFAULT_FOLDER;
}
