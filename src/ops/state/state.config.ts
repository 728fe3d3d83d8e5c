import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';

/** Where the watermark is kept. The folder must outlive the process, and must not be part of a backup of the database. */
export class StateConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = '.latchkey';
}
