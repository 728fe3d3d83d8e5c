// What the simulator reads from the environment. It uses no ConfigSlice, because loading class-validator and Nest would take longer than the
// whole start of the program.
import { readFileSync } from 'node:fs';
import { withDevelopmentSecrets, type SecretGenerators } from '../config/development-secrets';
import type { EnvironmentVariables } from '../config/load-config';
import type { Dialect, DialectContext } from '../sms/contract/dialect';

interface SimulatorSettings {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** Undefined: no relay. 0 picks a free port. */
  readonly smtpPort: number | undefined;
  /** Nobody has chosen the port. When it is in use, the relay takes another one. */
  readonly smtpPortMayDiffer: boolean;
  readonly clockOffsetFile: string | undefined;
  /** Where vendors post receipts when the message does not say where: a URL without a slash at its end. Undefined: nowhere then. */
  readonly webhookUrl: string | undefined;
}

/** A setting that cannot be used. It has the name of the setting and the reason, and never the value. */
export class SettingRefused extends Error {
  constructor(
    readonly setting: string,
    readonly reason: string,
  ) {
    super(`${setting} ${reason}`);
  }
}

/** @throws SettingRefused in production, for an unknown NODE_ENV (case A19), and for a port or URL of the wrong form */
export function readSettings(variables: EnvironmentVariables): SimulatorSettings {
  demandDevelopment(variables['NODE_ENV'] || 'development');
  const port = portOf('SIMULATOR_PORT', variables['SIMULATOR_PORT'] || '3001');
  return {
    port,
    ...smtpSettings(variables['SIMULATOR_SMTP_PORT'] || undefined, port),
    host: variables['SIMULATOR_HOST'] || '127.0.0.1',
    clockOffsetFile: variables['CLOCK_OFFSET_FILE'] || undefined,
    webhookUrl: webhookUrlOf(variables['SIMULATOR_WEBHOOK_URL']),
  };
}

function demandDevelopment(environment: string): void {
  if (environment === 'development' || environment === 'test') return;
  const reason = environment === 'production' ? 'is production: the simulator is for development' : 'is not known';
  throw new SettingRefused('NODE_ENV', reason);
}

/** @param text SIMULATOR_SMTP_PORT @param port of the simulator: when it is 0, the relay takes a free port too, unless the text says otherwise */
function smtpSettings(
  text: string | undefined,
  port: number,
): Pick<SimulatorSettings, 'smtpPort' | 'smtpPortMayDiffer'> {
  const wanted = text ?? (port === 0 ? '0' : '3025');
  const smtpPort = wanted === 'off' ? undefined : portOf('SIMULATOR_SMTP_PORT', wanted);
  return { smtpPort, smtpPortMayDiffer: text === undefined };
}

function portOf(setting: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  const also = setting === 'SIMULATOR_SMTP_PORT' ? ', or off' : '';
  throw new SettingRefused(setting, `must be a whole number from 0 to 65535${also}`);
}

function webhookUrlOf(url: string | undefined): string | undefined {
  if (!url) return undefined;
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new SettingRefused('SIMULATOR_WEBHOOK_URL', 'must be a URL');
  return url.replace(/\/+$/, '');
}

/** Secret keys at the vendors of widgets. Nothing generates them. */
const widgetKeys = ['TURNSTILE_SECRET_KEY', 'HCAPTCHA_SECRET_KEY'];

/**
 * The keys of the app, as the vendors know them. They come from the environment, from the file that <KEY>_FILE names, or else from LATCHKEY_DIR,
 * where the app finds the same generated keys.
 * @throws SettingRefused when a <KEY>_FILE cannot be read
 */
export function readCredentials(
  variables: EnvironmentVariables,
  dialects: readonly Dialect[],
): DialectContext['credentials'] {
  const generators: SecretGenerators = Object.fromEntries(
    dialects.flatMap(({ developmentKeys }) => Object.entries(developmentKeys)),
  );
  const credentials: Record<string, string | undefined> = { ...variables };
  for (const key of [...Object.keys(generators), ...widgetKeys]) {
    const [file, generate] = [variables[`${key}_FILE`], generators[key]];
    if (variables[key]) continue;
    if (file) credentials[key] = contentOf(file, `${key}_FILE`);
    else if (generate !== undefined)
      Object.defineProperty(credentials, key, {
        enumerable: true,
        get: once(() => kept(key, () => generate(credentials), variables)),
      });
  }
  return credentials;
}

// A key is made only when a vendor first needs it, because most vendors are not called at all, and making an RSA key takes long.
function kept(key: string, generate: () => string, variables: EnvironmentVariables): string | undefined {
  return withDevelopmentSecrets(variables, { [key]: generate })[key];
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function contentOf(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new SettingRefused(setting, 'names a file that cannot be read');
  }
}
