// What a person does with the e-mail address of their account.
import type { ApiAnswer, ApiClient, ChallengeBody, ProblemBody, TokensBody } from './api-client';
import type { System } from './instance';
import type { ChallengeAnswer } from './person';

type Session = Pick<TokensBody, 'accessToken'>;

export interface AskedByMail {
  readonly challenge: ChallengeBody;
  readonly token: string;
  readonly code: string;
}

/** Addresses that no other test of the file uses. */
export function addresses(): () => string {
  let next = 1;
  return () => `person${next++}@mail.example`;
}

export function askEmail(api: ApiClient, { accessToken }: Session, email: unknown): Promise<ChallengeAnswer> {
  return api.post('/v1/users/me/email', { email }, { token: accessToken });
}

/** A challenge for an address, and the code that was mailed to it. @throws Error when it is refused */
export async function askedEmail(
  system: System,
  api: ApiClient,
  session: Session,
  address: string,
): Promise<AskedByMail> {
  const to = address.trim().toLowerCase();
  const after = await system.mailbox.newest(to);
  const { status, body, text } = await askEmail(api, session, address);
  if (status !== 202) throw new Error(`email: ${status} ${text}`);
  return { challenge: body, token: body.challengeToken, code: await system.mailbox.codeFor(to, after) };
}

export function confirmEmail(
  api: ApiClient,
  { accessToken }: Session,
  challengeToken: string,
  code: string,
): Promise<ApiAnswer<TokensBody['user'] & ProblemBody>> {
  return api.post('/v1/users/me/email/confirm', { challengeToken, code }, { token: accessToken });
}

export function removeEmail(api: ApiClient, { accessToken }: Session): Promise<ApiAnswer<ProblemBody>> {
  return api.request('DELETE', '/v1/users/me/email', undefined, { token: accessToken });
}
