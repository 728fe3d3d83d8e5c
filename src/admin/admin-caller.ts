import type { OperatorAct } from '../../auth/accounts/accounts.types';
import type { ApiClient } from '../../auth/clients/clients.types';
import type { OperatorActRequest } from './admin-users.request';

/** Who acts, for the audit log: the client app whose key it is. */
export function actOf({ clientId }: ApiClient, { reason, operator }: OperatorActRequest): OperatorAct {
  return { by: `client:${clientId}`, reason: reason ?? null, operator: operator ?? null };
}
