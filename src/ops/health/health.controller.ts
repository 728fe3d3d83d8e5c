// For load balancers and orchestrators. /health and /health/ready say whether this instance should get traffic (F23), /health/live whether the
// process answers at all. They are public and not throttled, because a prober calls every second from one address.
import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../platform/request/public.decorator';
import { Unthrottled } from '../../throttling/throttled.decorator';
import { HealthResponse } from './health.response';
import { HealthService } from './health.service';

@ApiTags('health')
@Public()
@Unthrottled()
@Controller('health')
export class HealthController {
  constructor(private readonly service: HealthService) {}

  /** Whether this instance should get traffic. */
  @Get()
  @ApiOkResponse({ type: HealthResponse })
  @ApiServiceUnavailableResponse({ type: HealthResponse })
  health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthResponse> {
    return this.ready(reply);
  }

  /** The same as /health. */
  @Get('ready')
  @ApiOkResponse({ type: HealthResponse })
  @ApiServiceUnavailableResponse({ type: HealthResponse })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthResponse> {
    const ready = await this.service.ready();
    void reply.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).header('cache-control', 'no-store');
    return new HealthResponse(ready);
  }

  /** Whether the process answers at all. */
  @Get('live')
  @ApiOkResponse({ type: HealthResponse })
  live(): HealthResponse {
    return new HealthResponse(true);
  }
}
