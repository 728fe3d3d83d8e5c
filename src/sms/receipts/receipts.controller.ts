import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify/decorators/route-config.decorator';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../platform/request/public.decorator';
import { Throttled, Unthrottled } from '../../throttling/throttled.decorator';
import { Receipts } from './receipts.service';
import { Webhooks } from './webhooks.service';

@ApiTags('webhooks')
@Controller('webhooks/sms')
export class ReceiptsController {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly receipts: Receipts,
  ) {}

  /** Delivery receipts and inbound messages of an SMS vendor, signed as it signs. 200 once they are stored. */
  @Post(':provider')
  @Public()
  @Unthrottled()
  @Throttled('LIMIT_WEBHOOK')
  @HttpCode(200)
  @RouteConfig({ rawBody: true })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ schema: { type: 'object' }, description: "The vendor's own." })
  @ApiOkResponse({ description: 'Stored. The body is what the vendor wants to read, most often nothing.' })
  async receive(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { method, url, raw, body } = request;
    const headers = Object.entries(raw.headersDistinct).map(([name, values]) => [name, values?.join(', ')] as const);
    const reading = await this.webhooks.read(provider, {
      method,
      path: url,
      headers: Object.fromEntries(headers),
      rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    });
    await this.receipts.take(provider, reading.events);
    void reply.type(reading.answer?.contentType ?? 'text/plain');
    return reading.answer?.body ?? '';
  }
}
