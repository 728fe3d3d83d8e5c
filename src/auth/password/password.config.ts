import { availableParallelism } from 'node:os';
import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { EnvInt, EnvUrl } from '../../config/fields';

const PRODUCTION_MIN_COST = 10;

/** How passwords are hashed and which may be chosen (security.md 5.1). */
export class PasswordConfig extends ConfigSlice {
  /** bcrypt makes 2^cost rounds; 12 takes a third of a second of one core. */
  @EnvInt({ min: 4, max: 15 }) BCRYPT_COST: number = 12;
  /** How many passwords are hashed at a time. By default one per core; set fewer where the process has only a share of them. */
  @EnvInt({ min: 1, max: 256 }) BCRYPT_CONCURRENCY: number = availableParallelism();
  /** Code points. With less than 8 even a second factor would not make up for it. */
  @EnvInt({ min: 8, max: 64 }) PASSWORD_MIN_LENGTH: number = 12;

  /** Origin of a list of breached passwords that answers /range/<5 hex digits>, such as https://api.pwnedpasswords.com. Absent: none is asked. */
  @EnvUrl({ origin: true }) BREACHED_PASSWORDS_URL?: string;

  override problems({ production }: Environment): Problem[] {
    const found: Problem[] = [];
    if (production && this.BCRYPT_COST < PRODUCTION_MIN_COST) {
      found.push({ key: 'BCRYPT_COST', reason: `must be at least ${PRODUCTION_MIN_COST} in production` });
    }
    if (production && this.BREACHED_PASSWORDS_URL?.startsWith('http:') === true) {
      found.push({ key: 'BREACHED_PASSWORDS_URL', reason: 'must be https in production' });
    }
    return found;
  }
}
