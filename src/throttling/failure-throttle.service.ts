// Limits that count failures: wrong passwords and wrong codes per address, registrations that come to nothing (security.md 5.4).
// Ask before the work, count after it failed. Parallel requests may pass the question together: this is friction; what
// protects an account is counted in its own statement (design D13).
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

  /** A registration whose code was entered is no failed one: people behind one address do not use up each other's (security.md 5.4). */
  registered(address: string | null): Promise<void> {
    return this.giveBack('LIMIT_REGISTER_ADDRESS', address);
  }

  /** A request that the route's limit has counted and that came to nothing, at no cost. */
  giveBack(limit: RouteLimit, address: string | null): Promise<void> {
    return this.limits.giveBack(limit, addressKey(address ?? undefined));
  }

  fail(limit: FailureLimit, address: string | null): Promise<void> {
    return this.limits.count(limit, addressKey(address ?? undefined));
  }
}
