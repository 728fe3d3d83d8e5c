// People of the tests: registers, proves the phone and logs in, over HTTP as anybody would.
import type { ApiAnswer, ChallengeBody, TokensBody } from './api-client';
import type { System } from './instance';

export const PASSWORD = 'correct horse battery staple';

/** Registers and verifies. @throws Error with the answer that was not expected */
export async function signUp(system: System, phone: string, password = PASSWORD): Promise<TokensBody> {
  const after = await system.phone.newest(phone);
  const started = await system.api.post<ChallengeBody>('/v1/auth/register', { phone, password });
  return verify(system, demand(started, 202), phone, after);
}

/** Logs in with password and code. */
export async function logIn(system: System, phone: string, password = PASSWORD): Promise<TokensBody> {
  const after = await system.phone.newest(phone);
  const started = await system.api.post<ChallengeBody>('/v1/auth/login', { identifier: phone, password });
  return verify(system, demand(started, 200), phone, after);
}

async function verify(system: System, { challengeToken }: ChallengeBody, phone: string, after: string | undefined) {
  const code = await system.phone.codeFor(phone, { after });
  return demand(await system.api.post<TokensBody>('/v1/auth/otp/verify', { challengeToken, code }), 200);
}

function demand<Body>({ status, body, text }: ApiAnswer<Body>, expected: number): Body {
  if (status !== expected) throw new Error(`expected ${expected}, got ${status}: ${text}`);
  return body;
}
