// What a person does with trusted devices.
import type { ApiAnswer, ApiClient, JsonObject, ProblemBody, TokensBody } from './api-client';
import type { Person } from './person';

/** What a login with a device's token answers: tokens, or a challenge as for any other. */
export type DeviceAnswer = ApiAnswer<TokensBody & ProblemBody & { readonly challengeToken?: string }>;

export interface DeviceBody {
  readonly id: string;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

/** Registers and trusts this device. @throws Error when no token comes */
export async function withDevice(person: Person): Promise<{ tokens: TokensBody; device: string }> {
  const tokens = await person.joined({ deviceName: 'Pixel 9' }, { trustDevice: true });
  return { tokens, device: tokens.trustedDeviceToken ?? '' };
}

export function loginFrom(
  { api, phone, password }: Person,
  trustedDeviceToken: string,
  extra: JsonObject = {},
): Promise<DeviceAnswer> {
  return api.post('/v1/auth/login', { identifier: phone, password, trustedDeviceToken, ...extra });
}

/** "tokens"; "challenge", also where its message would come too soon after another; or status and code of a refusal. */
export function cameTo({ status, body }: DeviceAnswer): string {
  if (status === 429) return 'challenge';
  if (status !== 200) return `${status} ${body.code}`;
  return body.challengeToken === undefined ? 'tokens' : 'challenge';
}

export async function devicesOf(api: ApiClient, token: string): Promise<readonly DeviceBody[]> {
  const { body } = await api.get<{ items: readonly DeviceBody[] }>('/v1/users/me/trusted-devices', { token });
  return body.items;
}

export function endDevice(api: ApiClient, token: string, id: string): Promise<ApiAnswer<ProblemBody>> {
  return api.request('DELETE', `/v1/users/me/trusted-devices/${id}`, undefined, { token });
}
