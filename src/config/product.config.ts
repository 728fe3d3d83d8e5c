import { ConfigSlice } from './config-slice';
import { EnvString } from './fields';

/** What the product calls itself: in the text of an SMS and among the words no password may be. */
export class ProductConfig extends ConfigSlice {
  // GSM-7 characters that need no escape, and short: the message must stay one segment (A24).
  @EnvString({
    matches: /^[A-Za-z0-9](?:[A-Za-z0-9 .-]{0,18}[A-Za-z0-9])?$/,
    message: 'must be 1 to 20 letters, digits, spaces, dots or hyphens',
  })
  APP_NAME: string = 'Latchkey';
}
