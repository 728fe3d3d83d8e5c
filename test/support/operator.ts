// An operator: what the admin API is asked about accounts, and what the audit log keeps of it.
import type { ApiAnswer, ChallengeBody, JsonObject, ProblemBody, RequestOptions } from './api-client';
import { clientRecords } from './client-records';
import type { System } from './instance';
import { newcomer } from './person';

/** An account, a list, a challenge or a refusal; which, the answer's own status says. */
export interface AccountBody extends ProblemBody, Omit<ChallengeBody, 'attemptsLeft'> {
  readonly id: string;
  readonly items: readonly AccountBody[];
  readonly nextCursor: string | null;
  readonly mustChangePassword: boolean;
  readonly passwordLocked: boolean;
  readonly secondFactorLocked: boolean;
  readonly lastAuthenticatedAt: string;
  /** Of a rebind. */
  readonly state: string;
  readonly challenge: ChallengeBody | null;
}
export type OperatorAnswer = ApiAnswer<AccountBody>;

export const USERS = '/v1/admin/users';

export class Operator {
  constructor(
    readonly system: System,
    /** API key; that of development unless told. */
    readonly key: string = system.adminKey,
    readonly instance = 0,
  ) {}

  ask(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<OperatorAnswer> {
    const { admin, admins } = this.system;
    return (admins[this.instance] ?? admin).request(method, path, body, { token: this.key, ...options });
  }

  /** POST /v1/admin/users/:id/:what */
  act(id: string, what: string, body: JsonObject = {}): Promise<OperatorAnswer> {
    return this.ask('POST', `${USERS}/${id}/${what}`, body);
  }

  endSessions(id: string): Promise<OperatorAnswer> {
    return this.ask('DELETE', `${USERS}/${id}/sessions`);
  }
}

/** Somebody who has just registered, and the id that operators know them by. */
export async function newAccount(system: System, phone: string, extra: JsonObject = {}) {
  const made = await newcomer(system, phone, extra);
  return { ...made, id: String(made.tokens.user['id']) };
}

/** Another client app with scope admin, made with the key of one that is there: that of development unless told. */
export async function anotherOperator(
  system: System,
  clientId: string,
  maker: Operator = new Operator(system),
): Promise<Operator> {
  const made = await maker.ask('POST', '/v1/admin/clients', { clientId, name: clientId, scopes: ['admin'] });
  if (made.status !== 201) throw new Error(`clients: ${made.status} ${made.text}`);
  return new Operator(system, (made.body as unknown as { secret: string }).secret);
}

/** Another operator, whose key none of the others has made or seen; or the same with a new key. */
export async function operatorByCli(
  system: System,
  clientId: string,
  how: 'create' | 'rotate-secret' = 'create',
): Promise<Operator> {
  const args = how === 'create' ? ['create', '--client-id', clientId, '--scope', 'admin'] : [how, clientId];
  const [record] = await clientRecords(system, ...args);
  if (record?.secret === undefined) throw new Error(`${clientId} has no secret`);
  return new Operator(system, record.secret);
}

/** What operators did to an account, oldest first. */
export async function actsOn(system: System, userId: string): Promise<{ event: string; meta: JsonObject }[]> {
  const sql = `SELECT event, meta FROM audit_log WHERE user_id = $1 AND meta ? 'by' ORDER BY id`;
  return (await system.database.query<{ event: string; meta: JsonObject }>(sql, [userId])).rows;
}
