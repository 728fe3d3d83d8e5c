// Two instances on which a reset meets the limits of its number, of its account and of its password, and no others.
import { startSystem, type System } from './instance';
import { limitsOff } from './limits';

export function startForResets(): Promise<System> {
  return startSystem({
    instances: 2,
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_RESET_ADDRESS', 'LIMIT_REGISTER_ADDRESS', 'LIMIT_STATUS'),
      JWT_ISSUER: 'https://id.example',
      LIMIT_RESET_DESTINATION: '3/1h',
      LIMIT_FACTOR_ACCOUNT: '10/1h',
      LIMIT_PASSWORD_ACCOUNT: '5/15m',
    },
  });
}
