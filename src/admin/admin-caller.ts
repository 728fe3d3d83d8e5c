// Says for the audit log who acts: the client app whose API key was used, and the reason and the operator that the request names.
import type { OperatorAct } from '../auth/accounts/accounts.types';
import type { ApiClient } from '../auth/clients/clients.types';
import type { OperatorActRequest } from './users/admin-users.request';

export function nameOf({ clientId }: ApiClient): string {
  return `client:${clientId}`;
}

export function actOf(caller: ApiClient, { reason, operator }: OperatorActRequest): OperatorAct {
  return { by: nameOf(caller), reason: reason ?? null, operator: operator ?? null };
}
