// The move of an account to a new number: begun by an operator, proved by the person, done by the job when the wait is over.
import type { ApiAnswer, ApiClient, ProblemBody } from './api-client';
import type { System } from './instance';
import { type Operator, type OperatorAnswer, USERS } from './operator';
import { runJob } from './queue';

export const WHY = { reason: 'lost phone, showed passport, ticket 42' };
export const WAIT_SECONDS = 24 * 3600;

export type ProofAnswer = ApiAnswer<ProblemBody & { movesAt: string }>;

export interface Begun {
  readonly token: string;
  readonly code: string;
}

export function askRebind(operator: Operator, id: string, phone: string): Promise<OperatorAnswer> {
  return operator.act(id, 'rebind-phone', { phone, ...WHY });
}

/** Begins it, and reads the code from the new phone. @throws Error when no code was sent */
export async function beginRebind(operator: Operator, id: string, phone: string): Promise<Begun> {
  const after = await operator.system.phone.newest(phone);
  const { text, body } = await askRebind(operator, id, phone);
  const token = body.challenge?.challengeToken;
  if (token === undefined) throw new Error(`no code was sent: ${text}`);
  return { token, code: await operator.system.phone.codeFor(phone, { after }) };
}

export function prove(api: ApiClient, { token, code }: Begun): Promise<ProofAnswer> {
  return api.post('/v1/auth/phone-rebind', { challengeToken: token, code });
}

export async function stateOf(operator: Operator, id: string): Promise<string> {
  return (await operator.ask('GET', `${USERS}/${id}/rebind-phone`)).body.state;
}

/** Lets the job that ends waits run now instead of at the next full minute. It may fail twice: whoever holds an account is in its way. */
export function endWaits(system: System): Promise<void> {
  return runJob(system, 'phone_rebinds', { attempts: 3 });
}
