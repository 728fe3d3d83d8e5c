import { ConfigSlice } from '../../config/config-slice';
import { EnvString } from '../../config/fields';

/** Where development keeps the key of its administrator. */
export class ClientsConfig extends ConfigSlice {
  @EnvString() LATCHKEY_DIR = '.latchkey';
}
