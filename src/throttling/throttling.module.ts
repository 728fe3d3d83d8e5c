// Limits per address and per session. The guard is exported and not registered here, because it must run after the access guard: app.setup.ts
// adds it with useGlobalGuards.
import { Global, Module } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerOptions } from '@nestjs/throttler';
import { limitsOf } from '../config/limit';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Metrics } from '../platform/metrics/metrics';
import { FailureThrottle } from './failure-throttle.service';
import { FallbackStorage } from './fallback.storage';
import { FrictionLimits } from './friction-limits.service';
import { InProcessStorage } from './in-process.storage';
import { RedisConfig } from './redis.config';
import { RedisStorage } from './redis.storage';
import { ThrottleGuard } from './throttle.guard';
import { ThrottleStorage } from './throttle-storage';
import { ThrottlingConfig } from './throttling.config';

const storage = {
  provide: ThrottleStorage,
  inject: [RedisConfig, Clock, KeyedDigest, Metrics],
  useFactory: ({ REDIS_URL }: RedisConfig, clock: Clock, digests: KeyedDigest, metrics: Metrics): ThrottleStorage => {
    const own = new InProcessStorage(clock);
    if (REDIS_URL === undefined) return own;
    return new FallbackStorage(new RedisStorage(REDIS_URL.reveal(), clock, digests), own, metrics);
  },
};

@Module({ providers: [storage], exports: [storage] })
class ThrottleStorageModule {}

@Global()
@Module({
  imports: [
    ThrottleStorageModule,
    ThrottlerModule.forRootAsync({
      imports: [ThrottleStorageModule],
      inject: [ThrottlingConfig, ThrottleStorage],
      useFactory: (config: ThrottlingConfig, counters: ThrottleStorage) => ({
        storage: counters,
        throttlers: throttlers(config),
      }),
    }),
  ],
  providers: [FrictionLimits, FailureThrottle, ThrottleGuard],
  exports: [FailureThrottle, FrictionLimits, ThrottleGuard],
})
export class ThrottlingModule {}

function throttlers(config: ThrottlingConfig): ThrottlerOptions[] {
  return limitsOf(config).flatMap(([name, { windows }]) =>
    windows.map(({ count, seconds }) => ({ name: `${name}:${seconds}`, ttl: seconds * 1000, limit: count })),
  );
}
