import { ConfigSlice } from '../config/config-slice';
import { EnvInt, EnvString } from '../config/fields';
import { DEFAULT_FOLDER } from '../config/own-folder';

/** What `npm start` itself needs to know. The programs that it starts read the rest. */
export class StartConfig extends ConfigSlice {
  /** Folder of the embedded database, the generated secrets and the admin key. */
  @EnvString()
  LATCHKEY_DIR = DEFAULT_FOLDER;

  /** 0 picks a free port. */
  @EnvInt({ min: 0, max: 65_535 })
  SIMULATOR_PORT = 3001;
}
