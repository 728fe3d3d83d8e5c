// What stands before a registration and a reset, and how people get past it: a solved puzzle, a widget's token.
import { createHash } from 'node:crypto';
import type { ApiAnswer, ApiClient, ChallengeBody, ProblemBody } from './api-client';
import type { System } from './instance';

export interface GateBody {
  readonly kind: string;
  readonly siteKey?: string;
  readonly puzzle?: string;
  readonly difficulty?: number;
  readonly expiresAt?: string;
}

export type GatedAnswer = ApiAnswer<ChallengeBody & ProblemBody & { readonly gate: GateBody }>;

export const captchaKeys = {
  TURNSTILE_SITE_KEY: 'turnstile-site',
  TURNSTILE_SECRET_KEY: 'turnstile-secret-of-the-tests',
  HCAPTCHA_SITE_KEY: 'hcaptcha-site',
  HCAPTCHA_SECRET_KEY: 'hcaptcha-secret-of-the-tests',
} as const;

/** The puzzle, a dot and the first number from `start` that answers it. @throws Error when there is none to solve */
export function solve({ puzzle, difficulty }: GateBody, start = 0): string {
  if (puzzle === undefined || difficulty === undefined) throw new Error('there is no puzzle');
  const most = 1 << (32 - difficulty);
  for (let number = start; ; number += 1) {
    const token = `${puzzle}.${number}`;
    if (createHash('sha256').update(token).digest().readUInt32BE() < most >>> 0) return token;
  }
}

/** Asks as a page does before it shows its form. */
export async function gateAt(api: ApiClient, purpose: 'register' | 'password_forgot'): Promise<GateBody | null> {
  const { status, body, text } = await api.get<{ gate: GateBody | null }>(`/v1/auth/gate?purpose=${purpose}`);
  if (status !== 200) throw new Error(`gate: ${status} ${text}`);
  return body.gate;
}

export async function solved(api: ApiClient, purpose: 'register' | 'password_forgot' = 'register'): Promise<string> {
  return solve((await gateAt(api, purpose)) ?? { kind: 'none' });
}

/** The token that a person gets from the widget. */
export async function captchaToken(system: System, vendor: 'turnstile' | 'hcaptcha'): Promise<string> {
  const response = await fetch(`${system.simulator}/captcha/${vendor}/tokens`, { method: 'POST' });
  if (response.status !== 201) throw new Error(`the widget answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** What an answer of the gate amounts to: "403 gate_required used", or the status. */
export function passage({ status, body }: GatedAnswer): string {
  return [status, body.code, body.errors?.map(({ code }) => code)].flat().filter(Boolean).join(' ');
}
