import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';

/** Where the watermark is kept: a folder that outlives the process, and no part of the database's backup. */
export class StateConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = '.latchkey';
}
