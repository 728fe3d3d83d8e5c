// What a verifier is told, checked once: a wrong setting ends the start of the application, not a request.
export interface VerifierOptions {
  /** The issuer as the tokens name it (claim `iss`), exactly: Latchkey's PUBLIC_URL, or its JWT_ISSUER. */
  readonly issuer: string;
  /** Who you are (claim `aud`): the audience of your client app, or of several; the issuer's own when people sign in without one. */
  readonly audience: string | readonly string[];
  /** Only tokens that were issued to these client ids; any unless told. */
  readonly clientId?: string | readonly string[];
  /**
   * Where the keys are, in place of discovery: for an issuer that is a name and not an address (JWT_ISSUER), or one
   * that this process reaches by an inner address only.
   */
  readonly jwksUri?: string;
  /** How long fetched keys are used without asking again, in seconds: a withdrawn key is refused after it. 600 unless told; 1 to 86400. */
  readonly cacheSeconds?: number;
  /** How long they are used on when the issuer cannot be reached, in seconds. 3600 unless told; at least cacheSeconds. */
  readonly staleSeconds?: number;
  /** How often, in seconds, a key id that nobody knows may lead to a fetch. 10 unless told; 1 to 3600. */
  readonly cooldownSeconds?: number;
  /** Bound of one fetch with its body, in milliseconds in which this process runs (time-limit.ts). 5000 unless told; 1 to 60000. */
  readonly timeoutMs?: number;
  /** In place of the global fetch. */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970; Date.now unless told. */
  readonly now?: () => number;
}

export interface Settings {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly clientIds: readonly string[] | undefined;
  readonly jwksUri: URL | undefined;
  readonly cacheMs: number;
  readonly staleMs: number;
  readonly cooldownMs: number;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** @throws TypeError naming the option that is wrong */
export function settingsFrom(options: VerifierOptions): Settings {
  const { clientId, now = Date.now } = options;
  return {
    ...whoAndWhere(options),
    ...times(options),
    audiences: names('audience', options.audience),
    clientIds: clientId === undefined ? undefined : names('clientId', clientId),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now,
  };
}

function whoAndWhere({ issuer, jwksUri }: VerifierOptions): Pick<Settings, 'issuer' | 'jwksUri'> {
  if (typeof issuer !== 'string' || issuer === '') throw new TypeError('issuer: the claim iss of the tokens is needed');
  if (jwksUri !== undefined) return { issuer, jwksUri: httpUrl('jwksUri', jwksUri) };
  httpUrl('issuer (or give jwksUri)', issuer);
  return { issuer, jwksUri: undefined };
}

function times(options: VerifierOptions): Pick<Settings, 'cacheMs' | 'staleMs' | 'cooldownMs' | 'timeoutMs'> {
  const { cacheSeconds = 600, cooldownSeconds = 10, timeoutMs = 5000 } = options;
  const { staleSeconds = Math.max(3600, cacheSeconds) } = options;
  return {
    cacheMs: inRange('cacheSeconds', cacheSeconds, 1, 86_400) * 1000,
    staleMs: inRange('staleSeconds', staleSeconds, cacheSeconds, Number.MAX_SAFE_INTEGER) * 1000,
    cooldownMs: inRange('cooldownSeconds', cooldownSeconds, 1, 3600) * 1000,
    timeoutMs: inRange('timeoutMs', timeoutMs, 1, 60_000),
  };
}

/** A list of one or more texts that are not empty. @throws TypeError */
export function names(option: string, value: string | readonly string[] | undefined): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((name) => typeof name === 'string' && name !== '')) {
    throw new TypeError(`${option}: a name, or a list of names, is needed`);
  }
  return list as readonly string[];
}

/** @throws TypeError */
export function inRange(option: string, value: number, least: number, most: number): number {
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new TypeError(`${option}: must be a number from ${least} to ${most}`);
  }
  return value;
}

function httpUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new TypeError(`${option}: must be an http or https address without query and fragment`);
  }
  return url;
}
