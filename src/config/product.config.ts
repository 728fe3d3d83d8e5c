import { ConfigSlice } from './config-slice';
import { EnvString } from './fields';

/** The name of the product. It appears in text messages, and nobody may choose it as a password. */
export class ProductConfig extends ConfigSlice {
  // The name is short and has only GSM-7 characters that need no escape, so that messages stay one segment (A24).
  @EnvString({
    matches: /^[A-Za-z0-9](?:[A-Za-z0-9 .-]{0,18}[A-Za-z0-9])?$/,
    message: 'must be 1 to 20 letters, digits, spaces, dots or hyphens',
  })
  APP_NAME: string = 'Latchkey';
}
