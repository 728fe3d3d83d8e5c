// The challenge token: kind + digits + "_" + key id + "_" + base64url(32 random bytes), for example lg6_k2_AQEB..
// Purpose, length and key id must be known before the query; only the SHA-256 of the whole string is stored (protocol.md 2).
import { hash } from 'node:crypto';
import { type ChallengeToken, challengeKinds, type Purpose } from './otp.types';

const purposeOfKind = new Map(Object.entries(challengeKinds).map(([purpose, kind]) => [kind, purpose as Purpose]));
const shape = /^([a-z]{2})(\d{1,2})_([a-z0-9]{1,16})_([A-Za-z0-9_-]{43})$/;

export function formatChallengeToken(purpose: Purpose, codeLength: number, keyId: string, random: Buffer): string {
  return `${challengeKinds[purpose]}${codeLength}_${keyId}_${random.toString('base64url')}`;
}

/** @returns undefined when the text is no challenge token. Its parts must not be trusted before its digest was found. */
export function parseChallengeToken(token: string): ChallengeToken | undefined {
  const match = shape.exec(token);
  const [, kind = '', digits = '', keyId = ''] = match ?? [];
  const purpose = purposeOfKind.get(kind);
  const codeLength = Number(digits);
  if (purpose === undefined || codeLength < 4 || codeLength > 10) return undefined;
  return { purpose, codeLength, keyId, digest: hash('sha256', token, 'buffer') };
}
