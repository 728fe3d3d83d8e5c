// The built-in puzzle: find a number for which SHA-256 of puzzle, dot and number begins with enough zero bits. The puzzle is signed, so we need not
// store the ones we give out. Its text has one form only, so that no puzzle can be used twice in two spellings.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface PuzzleFacts {
  readonly keyId: string;
  readonly purpose: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Leading zero bits. */
  readonly difficulty: number;
}

export interface PresentedAnswer extends PuzzleFacts {
  /** The puzzle without the number: it is used up by any answer to it. */
  readonly puzzle: string;
  readonly signed: string;
  readonly tag: string;
  /** Puzzle, dot, number. */
  readonly text: string;
}

export const SALT_BYTES = 16;
const MARK = 'pow1';
const form =
  /^((pow1\.([a-z0-9]{1,16})\.([a-z_]{1,32})\.(\d{1,12})\.(\d{1,2})\.[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43}))\.(?:0|[1-9]\d{0,15})$/;

/** @param salt SALT_BYTES random bytes, so that no two puzzles are the same */
export function makePuzzle(key: Buffer, { keyId, purpose, expiresAt, difficulty }: PuzzleFacts, salt: Buffer): string {
  const signed = [MARK, keyId, purpose, expiresAt, difficulty, salt.toString('base64url')].join('.');
  return `${signed}.${tagOf(key, signed)}`;
}

/** Takes a text apart without checking the signature. @returns undefined for a text that is no answer to a puzzle */
export function readAnswer(text: string): PresentedAnswer | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [, puzzle = '', signed = '', keyId = '', purpose = '', expires, difficulty, tag = ''] = parts;
  return { puzzle, signed, keyId, purpose, expiresAt: Number(expires), difficulty: Number(difficulty), tag, text };
}

/** Compares the signature as text, because several spellings of base64 give the same bytes. */
export function isOurs(key: Buffer, { signed, tag }: PresentedAnswer): boolean {
  return timingSafeEqual(Buffer.from(tagOf(key, signed), 'latin1'), Buffer.from(tag, 'latin1'));
}

export function isSolved({ text, difficulty }: Pick<PresentedAnswer, 'text' | 'difficulty'>): boolean {
  return leadingZeroBits(createHash('sha256').update(text, 'latin1').digest()) >= difficulty;
}

export function leadingZeroBits(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first] ?? 0) - 24;
}

function tagOf(key: Buffer, signed: string): string {
  return createHmac('sha256', key).update(signed, 'latin1').digest('base64url');
}
