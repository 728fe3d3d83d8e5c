// A client app that has phones verified: asks for a code, hands in what its person typed, gets the proof.
import type { ApiAnswer, ApiClient, ChallengeBody, JsonObject, ProblemBody } from './api-client';
import type { System } from './instance';
import { type ClientApp, makeClientApp } from './oauth';

export interface VerifiedBody {
  readonly verified: boolean;
  readonly phone: string;
  readonly proof: string;
}

export type CheckAnswer = ApiAnswer<VerifiedBody & ProblemBody>;

export const VERIFICATIONS = '/v1/phone-verifications';

export class VerifyingApp {
  constructor(
    readonly system: System,
    readonly app: ClientApp,
  ) {}

  static async make(system: System, settings: JsonObject = {}): Promise<VerifyingApp> {
    return new VerifyingApp(system, await makeClientApp(system, { scopes: ['phone_verifications'], ...settings }));
  }

  start(phone: string, extra: JsonObject = {}, api = this.system.api): Promise<ApiAnswer<ChallengeBody & ProblemBody>> {
    return api.post(VERIFICATIONS, { phone, ...extra }, { token: this.app.secret });
  }

  check(challengeToken: string, code: unknown, extra: JsonObject = {}, api?: ApiClient): Promise<CheckAnswer> {
    const body = { challengeToken, code, ...extra };
    return (api ?? this.system.api).post(`${VERIFICATIONS}/check`, body, { token: this.app.secret });
  }

  /** A challenge and the code on the phone. @throws Error when it is refused */
  async challenged(phone: string, extra: JsonObject = {}): Promise<{ token: string; code: string }> {
    const after = await this.system.phone.newest(phone);
    const { status, body, text } = await this.start(phone, extra);
    if (status !== 201) throw new Error(`phone verification: ${status} ${text}`);
    return { token: body.challengeToken, code: await this.system.phone.codeFor(phone, { after }) };
  }

  /** @throws Error when the right code is refused */
  async proofOf(phone: string): Promise<string> {
    const { token, code } = await this.challenged(phone);
    const { status, body, text } = await this.check(token, code);
    if (status !== 200) throw new Error(`check: ${status} ${text}`);
    return body.proof;
  }
}

/** Audit rows of the challenges of one number, oldest first. */
export async function verificationEvents(system: System, phone: string): Promise<string[]> {
  const sql = `SELECT event FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE c.phone = $1 AND event NOT LIKE 'otp_sen%' ORDER BY a.at`;
  const { rows } = await system.database.query<{ event: string }>(sql, [phone]);
  return rows.map(({ event }) => event);
}
