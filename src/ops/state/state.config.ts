import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';

/** Where the watermark is kept: a folder that outlives the process and is not in the backup of the database. */
export class StateConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = '.latchkey';
}
