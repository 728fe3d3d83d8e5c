// Where the tokens of an answer go, never in both ways: a browser's refresh token goes into the cookie, and then it is in no body (design
// section 2, A46).
import type { FastifyReply } from 'fastify';
import type { TokenDelivery } from '../../otp/otp.types';
import type { TokensResponse } from '../tokens/tokens.response';
import { deviceCookie, refreshCookie } from './token-cookies.algorithm';

export interface DeliveredTokens {
  readonly body: TokensResponse;
  /** Values for Set-Cookie; none when the tokens are in the body. */
  readonly cookies: readonly string[];
}

/** @param delivery of the session @param answer without a refresh token @param refreshExpiresIn seconds until the refresh token expires */
export function deliver(
  delivery: TokenDelivery,
  answer: TokensResponse,
  refreshToken: string,
  refreshExpiresIn: number,
): DeliveredTokens {
  // What is spread comes last: V8 takes microseconds for each property that is added after it (ADR 70).
  if (delivery === 'body') return { body: { refreshToken, refreshExpiresIn, ...answer }, cookies: [] };
  return { body: { refreshExpiresIn, ...answer }, cookies: [refreshCookie(refreshToken, refreshExpiresIn)] };
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

/** Puts the cookies on the answer. @returns its body */
export function answerWith(reply: FastifyReply, { body, cookies }: DeliveredTokens): TokensResponse {
  if (cookies.length > 0) void reply.header('set-cookie', [...cookies]);
  return body;
}
