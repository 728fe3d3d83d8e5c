// What the dashboard asks of the admin API, by the types of docs/openapi.json. The key goes into a header and nowhere else: it is kept in
// memory, in no storage, no cookie and no address (ADR 73).
import type { components } from '../../../../packages/client/src/api.generated.ts';

type Schemas = components['schemas'];
export type Stats = Schemas['SmsStatsResponse'];
export type Figures = Schemas['SmsFiguresResponse'];
export type VendorSeries = Schemas['SmsSeriesResponse'];
export type CountrySeries = Schemas['SmsCountrySeriesResponse'];
export type RefusalSeries = Schemas['SmsRefusalsResponse'];
export type Vendor = Schemas['SmsProviderResponse'];
export type Budget = Schemas['SmsBudgetResponse'];
export type Alarms = Schemas['AlarmsResponse'];
export type AuditEntry = Schemas['AuditEntryResponse'];
export type Account = Schemas['AdminUserResponse'];
export type AccountSession = Schemas['AdminUserSessionResponse'];
export type Rebind = Schemas['AdminRebindResponse'];
type BegunRebind = Schemas['AdminBegunRebindResponse'];
type Challenge = Schemas['ChallengeResponse'];

/** RFC 9457, as far as it is told here. */
interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
}

const PATIENCE_MILLISECONDS = 15_000;
type Query = Readonly<Record<string, string | number | undefined>>;

/** What the API refused, or that it could not be asked (`network`). */
export class AdminError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** The key opens nothing (any more). */
  get isAboutKey(): boolean {
    return this.code === 'token_invalid' || this.code === 'insufficient_scope';
  }
}

/** Why, and who: for the audit log. */
export interface Act {
  readonly reason: string;
  readonly operator?: string;
}

export type Sought = { readonly phone: string } | { readonly email: string } | { readonly id: string };

export class AdminApi {
  constructor(private readonly key: string) {}

  stats = (from: string) => this.get<Stats>('sms/stats', { from });
  vendorSeries = (from: string) => this.get<VendorSeries>('sms/stats/series', { from });
  countrySeries = (from: string) => this.get<CountrySeries>('sms/stats/series/countries', { from });
  refusals = (from: string) => this.get<RefusalSeries>('sms/refusals', { from });
  vendors = async () => (await this.get<{ items: Vendor[] }>('sms/providers')).items;
  budget = () => this.get<Budget>('sms/budget');
  alarms = () => this.get<Alarms>('alarms');
  /** A page may end before it is full; `nextCursor` says where to go on. */
  audit = (query: Query) => this.get<Schemas['AuditListResponse']>('audit', query);
  find = async (sought: Sought) => (await this.get<{ items: Account[] }>('users', { ...sought })).items;
  account = (id: string) => this.get<Account>(`users/${id}`);
  sessions = async (id: string) => (await this.get<{ items: AccountSession[] }>(`users/${id}/sessions`)).items;
  /** @returns null where there never was one */
  rebind = (id: string) =>
    this.get<Rebind>(`users/${id}/rebind-phone`).catch((error: unknown) => {
      if (error instanceof AdminError && error.code === 'not_found') return null;
      throw error;
    });

  disable = (id: string, act: Act) => this.post<Account>(`users/${id}/disable`, act);
  enable = (id: string, act: Act) => this.post<Account>(`users/${id}/enable`, act);
  mustChange = (id: string, act: Act) => this.post<Account>(`users/${id}/must-change`, act);
  endSessions = (id: string, act: Act) => this.ask<void>('DELETE', `users/${id}/sessions`, { ...act });
  reopenSecondFactor = (id: string, act: Act) => this.post<Account>(`users/${id}/reopen-second-factor`, act);
  startReset = (id: string, act: Act) => this.post<Challenge>(`users/${id}/start-reset`, act);
  beginRebind = (id: string, act: Act & { phone: string }) => this.post<BegunRebind>(`users/${id}/rebind-phone`, act);
  approveRebind = (id: string, act: Act & { phone: string }) =>
    this.post<BegunRebind>(`users/${id}/rebind-phone/approve`, act);
  cancelRebind = (id: string, act: Act) => this.ask<void>('DELETE', `users/${id}/rebind-phone`, { ...act });

  private get<Body>(path: string, query: Query = {}): Promise<Body> {
    return this.ask<Body>('GET', path, query);
  }

  private post<Body>(path: string, body: object): Promise<Body> {
    return this.ask<Body>('POST', path, {}, body);
  }

  /** @throws AdminError */
  private async ask<Body>(method: string, path: string, query: Query, body?: object): Promise<Body> {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = new URLSearchParams(given).toString();
    const headers = new Headers({ authorization: `Bearer ${this.key}` });
    if (body !== undefined) headers.set('content-type', 'application/json');
    const answer = await fetch(`/v1/admin/${path}${search && `?${search}`}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    }).catch(() => undefined);
    if (answer === undefined) throw new AdminError('network', 'The admin API cannot be reached');
    const told: unknown = answer.status === 204 ? undefined : await answer.json().catch(() => ({}));
    if (!answer.ok) throw refusal(answer.status, told as Problem);
    return told as Body;
  }
}

function refusal(status: number, { code = 'bad_answer', title, detail, errors = [] }: Problem): AdminError {
  const where = errors.map(({ pointer, code: why }) => `${pointer.slice(1)}: ${why}`).join(', ');
  const sentences = [title ?? `The admin API answered ${status}`, detail, where];
  return new AdminError(code, sentences.filter(Boolean).join('. '));
}
