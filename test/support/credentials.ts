// What a person does with their password besides logging in: prove themselves again, change it, get a new one with a code.
import type { ApiAnswer, ApiClient, JsonObject, ProblemBody, TokensBody } from './api-client';
import type { GatedAnswer } from './gate';
import type { System } from './instance';
import { until } from './patience';
import type { ChallengeAnswer, Person, TokensAnswer } from './person';

export const NEW_PASSWORD = 'meadow-quartz-77-ember';

export type Answer = ApiAnswer<ProblemBody>;

export function askStepUp(api: ApiClient, token: string, password: string): Promise<ChallengeAnswer> {
  return api.post('/v1/auth/step-up', { password }, { token });
}

/** A challenge of whatever kind and its code. @throws Error when it is refused or no code comes */
export async function withCode(
  person: Person,
  ask: () => Promise<ChallengeAnswer>,
): Promise<{ token: string; code: string }> {
  const after = await person.system.phone.newest(person.phone);
  const { status, text, body } = await ask();
  if (status !== 202) throw new Error(`asked for a code: ${status} ${text}`);
  return { token: body.challengeToken, code: await person.system.phone.codeFor(person.phone, { after }) };
}

/** Password and code again. @returns what verify answers */
export async function stepUp(person: Person, accessToken: string): Promise<TokensAnswer> {
  const { token, code } = await withCode(person, () => askStepUp(person.api, accessToken, person.password));
  return person.verify(token, code);
}

export function changePassword(
  api: ApiClient,
  token: string,
  currentPassword: string,
  newPassword = NEW_PASSWORD,
): Promise<Answer> {
  return api.post('/v1/users/me/password', { currentPassword, newPassword }, { token });
}

export function askReset(api: ApiClient, identifier: string, extra: JsonObject = {}): Promise<GatedAnswer> {
  return api.post('/v1/auth/password/forgot', { identifier, ...extra });
}

/** A challenge to reset the password, and its code. */
export function forgotten(person: Person): Promise<{ token: string; code: string }> {
  return withCode(person, () => askReset(person.api, person.phone));
}

/** @param besides a code of the person's app, or a recovery code, as well */
export function resetAt(
  api: ApiClient,
  challengeToken: string,
  code: string,
  newPassword = NEW_PASSWORD,
  besides: JsonObject = {},
): Promise<Answer> {
  return api.post('/v1/auth/password/reset', { challengeToken, code, newPassword, ...besides });
}

export function refreshAt(api: ApiClient, { refreshToken }: Pick<TokensBody, 'refreshToken'>): Promise<TokensAnswer> {
  return api.post('/v1/auth/token/refresh', { refreshToken });
}

export function meAt(api: ApiClient, { accessToken }: Pick<TokensBody, 'accessToken'>): Promise<Answer> {
  return api.get('/v1/users/me', { token: accessToken });
}

/** What an answer amounts to: "401 code_invalid". */
export function kind({ status, body }: ApiAnswer<Partial<ProblemBody> | undefined>): string {
  return `${status} ${body?.code ?? ''}`.trim();
}

/** Claims of an access token, unchecked. */
export function claimsOf({ accessToken }: Pick<TokensBody, 'accessToken'>): Record<string, unknown> {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Whether this password is the one: it leads to a code, or would if there had not been one just now. */
export async function opens({ api, phone }: Person, password: string): Promise<boolean> {
  const { status } = await api.post('/v1/auth/login', { identifier: phone, password });
  return status === 200 || status === 429;
}

/** Waits for a notice whose text fits. */
export async function noticed({ phone }: System, to: string, text: RegExp): Promise<string> {
  const newest = async () =>
    (await phone.messages(to)).find((message) => message.code === null && text.test(message.text));
  return (await until(newest, `a notice like ${String(text)} to ${to}`)).text;
}

/** Audit events of a person, oldest first. */
export async function eventsOf(system: System, phone: string): Promise<string[]> {
  const sql = `SELECT a.event FROM audit_log a JOIN users u ON u.id = a.user_id WHERE u.phone = $1 ORDER BY a.id`;
  const { rows } = await system.database.query<{ event: string }>(sql, [phone]);
  return rows.map(({ event }) => event);
}
