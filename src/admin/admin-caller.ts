// Who acts, for the audit log: the client app whose key it is.
import type { OperatorAct } from '../auth/accounts/accounts.types';
import type { ApiClient } from '../auth/clients/clients.types';
import type { OperatorActRequest } from './users/admin-users.request';

export function nameOf({ clientId }: ApiClient): string {
  return `client:${clientId}`;
}

export function actOf(caller: ApiClient, { reason, operator }: OperatorActRequest): OperatorAct {
  return { by: nameOf(caller), reason: reason ?? null, operator: operator ?? null };
}
