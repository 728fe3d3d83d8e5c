// Limits that count failures: wrong passwords and wrong codes per address, and registrations whose code was not entered (security.md 5.4).
// Call `check` before the work, and `fail` after it has failed. Parallel requests may all pass `check` before one of them fails. That is
// acceptable for limits per address: what protects an account is counted in the statement that does the work (design D13).
import { Injectable } from '@nestjs/common';
import { addressKey } from '../platform/request/client-address';
import { FrictionLimits } from './friction-limits.service';
import type { FailureLimit, RouteLimit } from './throttling.config';

@Injectable()
export class FailureThrottle {
  constructor(private readonly limits: FrictionLimits) {}

  /** @throws AppError rate_limited when this address has failed too often; counts nothing. */
  check(limit: FailureLimit, address: string | null): Promise<void> {
    return this.limits.check(limit, addressKey(address ?? undefined));
  }

  /** Takes back the hit of a registration whose code was entered, so that people behind one address do not use up each other's limit. */
  registered(address: string | null): Promise<void> {
    return this.giveBack('LIMIT_REGISTER_ADDRESS', address);
  }

  /** Takes back the hit of a request that led to nothing and has cost nothing. */
  giveBack(limit: RouteLimit, address: string | null): Promise<void> {
    return this.limits.giveBack(limit, addressKey(address ?? undefined));
  }

  fail(limit: FailureLimit, address: string | null): Promise<void> {
    return this.limits.count(limit, addressKey(address ?? undefined));
  }
}
