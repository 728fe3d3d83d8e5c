// One way or the other, never both: a browser's refresh token goes into the cookie and into no body (design section 2, A46).
import type { FastifyReply } from 'fastify';
import type { TokensResponse } from '../tokens/tokens.response';
import { refreshCookie } from './refresh-cookie.algorithm';

export interface DeliveredTokens {
  readonly body: TokensResponse;
  /** Value of Set-Cookie; absent for tokens in the body. */
  readonly cookie?: string;
}

/** @param delivery as the session keeps it */
export function deliver(
  delivery: 'body' | 'cookie',
  tokens: TokensResponse & { readonly refreshToken: string; readonly refreshExpiresIn: number },
): DeliveredTokens {
  if (delivery === 'body') return { body: tokens };
  const { refreshToken, ...body } = tokens;
  return { body, cookie: refreshCookie(refreshToken, body.refreshExpiresIn) };
}

/** @returns the body, after the cookie was put on the answer */
export function answerWith(reply: FastifyReply, { body, cookie }: DeliveredTokens): TokensResponse {
  if (cookie !== undefined) void reply.header('set-cookie', cookie);
  return body;
}
