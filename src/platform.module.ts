// Binds the ports that all modules use (clock, random, outbound HTTP) to their real implementations, and provides what is there once per process.
import { Global, Module } from '@nestjs/common';
import { ClockConfig } from './config/clock.config';
import { TestPhones } from './config/test-phones';
import { CryptoModule } from './config/crypto.module';
import { Clock } from './platform/clock/clock';
import { SystemClock } from './platform/clock/system-clock';
import { AxiosOutboundHttp } from './platform/http/axios-outbound-http';
import { OutboundHttp } from './platform/http/outbound-http';
import { Standstill } from './platform/process/standstill';
import { NodeRandom } from './platform/random/node-random';
import { Random } from './platform/random/random';
import { PublicUrl } from './platform/request/public-url';
import { Readiness } from './platform/request/readiness';
import { RequestContext } from './platform/request/request-context';

const ports = [Clock, Random, OutboundHttp, PublicUrl, Readiness, RequestContext, Standstill, TestPhones];

@Global()
@Module({
  imports: [CryptoModule],
  providers: [
    {
      provide: Clock,
      inject: [ClockConfig],
      useFactory: (config: ClockConfig) => new SystemClock(config.CLOCK_OFFSET_FILE),
    },
    { provide: Random, useClass: NodeRandom },
    { provide: OutboundHttp, useFactory: () => new AxiosOutboundHttp() },
    PublicUrl,
    Readiness,
    RequestContext,
    Standstill,
    TestPhones,
  ],
  exports: ports,
})
export class PlatformModule {}
