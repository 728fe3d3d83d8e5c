// Limits that count failures only: wrong passwords and wrong codes per address (security.md 5.4).
// Ask before the work, count after it failed. Parallel requests may pass the question together: this is friction; what
// protects an account is counted in its own statement (design D13).
import { Injectable } from '@nestjs/common';
import { addressKey } from '../platform/request/client-address';
import { FrictionLimits } from './friction-limits.service';
import type { FailureLimit } from './throttling.config';

@Injectable()
export class FailureThrottle {
  constructor(private readonly limits: FrictionLimits) {}

  /** @throws AppError rate_limited when this address has failed too often; counts nothing. */
  check(limit: FailureLimit, address: string | null): Promise<void> {
    return this.limits.check(limit, addressKey(address ?? undefined));
  }

  fail(limit: FailureLimit, address: string | null): Promise<void> {
    return this.limits.count(limit, addressKey(address ?? undefined));
  }
}
