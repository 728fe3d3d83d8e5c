import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';
import { DEFAULT_FOLDER } from '../../config/own-folder';

/** Where the key of development's administrator is kept. */
export class ClientsConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = DEFAULT_FOLDER;
}
