// Where the API listens, under which address clients reach it, and which proxies it believes about the client's address.
import { isIP } from 'node:net';
import { ConfigSlice, type Environment, type Problem } from './config-slice';
import { EnvBoolean, EnvInt, EnvList, EnvString, EnvUrl } from './fields';

const DEFAULT_ADMIN_PORT = 9465;
const DEFAULT_METRICS_PORT = 9464;

export class HttpConfig extends ConfigSlice {
  /** Address to bind: 127.0.0.1 in development, 0.0.0.0 in production. */
  @EnvString()
  HOST = '';

  /** 0 picks a free port. */
  @EnvInt({ min: 0, max: 65_535 })
  PORT = 3000;

  /** Port of the operators' routes, on loopback only. By default 9465, or a free one when PORT is 0. 0 picks a free port. */
  @EnvInt({ min: 0, max: 65_535 })
  ADMIN_PORT?: number;

  /** Port of /metrics. By default 9464, or a free one when PORT is 0. 0 picks a free port. */
  @EnvInt({ min: 0, max: 65_535 })
  METRICS_PORT?: number;

  /** Address to bind METRICS_PORT to. Everybody who can reach it can read the metrics: use 127.0.0.1, or a network that is only yours. */
  @EnvString()
  METRICS_HOST = '127.0.0.1';

  /** The origin under which clients reach us. It is also the issuer of our tokens, unless JWT_ISSUER is set. By default the bound address. */
  @EnvUrl({ origin: true })
  PUBLIC_URL?: string;

  /** Addresses or CIDR ranges of the proxies whose X-Forwarded-For is believed. None by default (cases A79, A80). */
  @EnvList()
  TRUSTED_PROXIES: string[] = [];

  /** Origins of pages that may call us from a browser, besides PUBLIC_URL and the origins of client apps. None by default. */
  @EnvList({ matches: /^(\*|https?:\/\/[^/?#@\s]+)$/, message: 'must list origins such as https://app.example.com' })
  CORS_ORIGINS: string[] = [];

  /** Serves /docs and /openapi.json; on in development, off in production. */
  @EnvBoolean()
  API_DOCS?: boolean;

  get adminPort(): number {
    return this.ADMIN_PORT ?? (this.PORT === 0 ? 0 : DEFAULT_ADMIN_PORT);
  }

  get metricsPort(): number {
    return this.METRICS_PORT ?? (this.PORT === 0 ? 0 : DEFAULT_METRICS_PORT);
  }

  override applyDefaults({ production }: Environment): void {
    if (this.HOST === '') this.HOST = production ? '0.0.0.0' : '127.0.0.1';
    this.API_DOCS ??= !production;
  }

  override problems({ production }: Environment): Problem[] {
    const found: Problem[] = [];
    if (!this.TRUSTED_PROXIES.every(isAddressOrRange)) {
      found.push({
        key: 'TRUSTED_PROXIES',
        reason: 'must list addresses or CIDR ranges such as 10.0.0.0/8, never all',
      });
    }
    if (!production) return found;
    if (this.PUBLIC_URL === undefined) found.push({ key: 'PUBLIC_URL', reason: 'is required in production' });
    else if (!this.PUBLIC_URL.startsWith('https:')) found.push({ key: 'PUBLIC_URL', reason: 'must be https' });
    if (this.CORS_ORIGINS.includes('*')) found.push({ key: 'CORS_ORIGINS', reason: 'must name its origins, not *' });
    return found;
  }
}

/** Accepts 10.0.0.1, 10.0.0.0/8, fd00::/8. Refuses a prefix of zero, which would trust everybody, like `true`, `1` and `*`. */
function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}
