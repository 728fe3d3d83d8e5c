// What a person does with their second factors, and what is on record about it.
import type { ApiAnswer, ProblemBody } from './api-client';
import type { System } from './instance';
import type { Person } from './person';
import type { Message } from './phone';

/** A pending login. @throws Error when it is refused */
export async function loginToken(person: Person): Promise<string> {
  const { status, body, text } = await person.login();
  if (status !== 200) throw new Error(`login: ${status} ${text}`);
  return body.challengeToken;
}

export async function alive({ api }: Person, token: string): Promise<boolean> {
  return (await api.get('/v1/users/me', { token })).status === 200;
}

/** How often it is on record for the owner of a number. */
export async function recorded(system: System, phone: string, event: string): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM audit_log a JOIN users u ON u.id = a.user_id WHERE u.phone = $1 AND a.event = $2`;
  return (await system.database.query<{ n: number }>(sql, [phone, event])).rows[0]?.n ?? -1;
}

/** Names of the notices to a number, oldest first. */
export async function noticesTo(system: System, phone: string): Promise<string[]> {
  const sql = 'SELECT name FROM notices WHERE phone = $1 ORDER BY created_at, id';
  return (await system.database.query<{ name: string }>(sql, [phone])).rows.map(({ name }) => name);
}

interface CodesBody extends ProblemBody {
  readonly codes: readonly string[];
}

export function makeRecoveryCodes({ api }: Person, token: string): Promise<ApiAnswer<CodesBody>> {
  return api.post('/v1/users/me/recovery-codes', undefined, { token });
}

/** A set, as shown. @throws Error when it is refused */
export async function recoveryCodes(person: Person, token: string): Promise<readonly string[]> {
  const { status, body, text } = await makeRecoveryCodes(person, token);
  if (status !== 201) throw new Error(`recovery codes: ${status} ${text}`);
  return body.codes;
}

export async function remaining({ api }: Person, token: string): Promise<number> {
  return (await api.get<{ remaining: number }>('/v1/users/me/recovery-codes', { token })).body.remaining;
}

export function byRecoveryCode(person: Person, challengeToken: string, code: string) {
  return person.verify(challengeToken, code, { method: 'recovery_code' });
}

/** The first message to a person, notices between passed over, that is as wanted. @throws Error when none comes */
export async function messageLike({ system, phone }: Person, fits: (message: Message) => boolean): Promise<Message> {
  for (let after: string | undefined; ;) {
    const found = (await system.phone.messages(phone)).find(fits);
    if (found !== undefined) return found;
    after = (await system.phone.messageFor(phone, { after })).id;
  }
}

/** Has the code of a login sent that began without a message. */
export async function codeSentFor(person: Person, token: string): Promise<string> {
  const after = await person.system.phone.newest(person.phone);
  const { status, text } = await person.resend(token);
  if (status !== 202) throw new Error(`resend: ${status} ${text}`);
  return person.system.phone.codeFor(person.phone, { after });
}
