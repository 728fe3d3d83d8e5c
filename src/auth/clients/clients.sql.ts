// Fragment: whether the client app of a row may be used now. Our own app (first-party) has no row and may always be used.
import { FIRST_PARTY } from './client.policy';

/** @param column SQL of a client id */
export function clientLives(column: string): string {
  return `(${column} = '${FIRST_PARTY}' OR EXISTS (
    SELECT 1 FROM api_clients WHERE api_clients.client_id = ${column} AND api_clients.disabled_at IS NULL AND api_clients.deleted_at IS NULL))`;
}
