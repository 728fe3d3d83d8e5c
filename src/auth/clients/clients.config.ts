import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';

/** Where the key of development's administrator is kept. */
export class ClientsConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = '.latchkey';
}
