// What an application says of itself and of its Latchkey, once.
import type { OnGate } from './gate.ts';
import type { TokenStorage } from './token-storage.ts';

export interface ClientOptions {
  /** Origin of Latchkey, such as `https://accounts.example.com`. */
  readonly url: string;
  /**
   * `body`: tokens come with the answers and are kept in `storage`: for native apps and Node.
   * `cookie`: the refresh token is in a cookie that no script can read, the access token in memory: for pages.
   * `body` unless told.
   */
  readonly delivery?: 'body' | 'cookie';
  /** With `body`: where the tokens lie. Memory unless told. */
  readonly storage?: TokenStorage;
  /**
   * With `body`: where the token of this device lies when the person trusts it (`trustDevice` at `verify`); logins send it and keep
   * its successor. It outlives the session, so give it a place of its own. Without one it is not kept.
   */
  readonly deviceStorage?: TokenStorage;
  /** Said at register and login unless the call says otherwise. */
  readonly clientId?: string;
  readonly deviceName?: string;
  readonly locale?: string;
  /** Shows the widget of Turnstile or hCaptcha where Latchkey asks for one; a puzzle is solved without being told. */
  readonly onGate?: OnGate;
  /** Bound of one request with its answer, in milliseconds. 15000 unless told. A renewal may make three requests, and take 7 s more. */
  readonly timeoutMs?: number;
  /** In place of the global fetch. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970; Date.now unless told. */
  readonly now?: () => number;
}
