// Where the tokens of an answer go. Never both ways: a browser's refresh token goes into the cookie and into no body (design section 2, A46).
import type { FastifyReply } from 'fastify';
import type { TokenDelivery } from '../../otp/otp.types';
import type { TokensResponse } from '../tokens/tokens.response';
import { deviceCookie, refreshCookie } from './token-cookies.algorithm';

export interface DeliveredTokens {
  readonly body: TokensResponse;
  /** Values of Set-Cookie; none for tokens in the body. */
  readonly cookies: readonly string[];
}

/** @param delivery as the session keeps it */
export function deliver(
  delivery: TokenDelivery,
  tokens: TokensResponse & { readonly refreshToken: string; readonly refreshExpiresIn: number },
): DeliveredTokens {
  if (delivery === 'body') return { body: tokens, cookies: [] };
  const { refreshToken, ...body } = tokens;
  return { body, cookies: [refreshCookie(refreshToken, body.refreshExpiresIn)] };
}

/** Adds the token of a trusted device. @param seconds until it expires */
export function deliverDevice(
  delivery: TokenDelivery,
  { body, cookies }: DeliveredTokens,
  { token, seconds }: { readonly token: string; readonly seconds: number },
): DeliveredTokens {
  if (delivery === 'body') return { body: { ...body, trustedDeviceToken: token }, cookies };
  return { body, cookies: [...cookies, deviceCookie(token, seconds)] };
}

/** @returns the body, after the cookies were put on the answer */
export function answerWith(reply: FastifyReply, { body, cookies }: DeliveredTokens): TokensResponse {
  if (cookies.length > 0) void reply.header('set-cookie', [...cookies]);
  return body;
}
