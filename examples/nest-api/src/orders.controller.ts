// Orders of a person, for whoever comes with an access token of Latchkey. In memory: it is an example.
import { Body, Controller, Delete, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { AccessTokenClaims } from '@latchkey/verifier';
import { Claims, LatchkeyGuard, RequireSignIn } from '@latchkey/verifier/nest';

interface Order {
  readonly what: string;
  readonly at: string;
}

@Controller('orders')
@UseGuards(LatchkeyGuard)
export class OrdersController {
  private readonly ordersOf = new Map<string, Order[]>();

  /** What is one person's stays in no cache. */
  @Get()
  @Header('cache-control', 'no-store')
  list(@Claims() { sub }: AccessTokenClaims): { items: Order[] } {
    return { items: this.ordersOf.get(sub) ?? [] };
  }

  @Post()
  add(@Claims() { sub }: AccessTokenClaims, @Body() body: { what?: unknown }): Order {
    const order = { what: typeof body.what === 'string' ? body.what : '', at: new Date().toISOString() };
    this.ordersOf.set(sub, [...(this.ordersOf.get(sub) ?? []), order]);
    return order;
  }

  /** Whoever deletes everything has signed in within the last ten minutes, with a second factor. */
  @Delete()
  @HttpCode(204)
  @RequireSignIn({ maxAuthAgeSeconds: 600, requireAcr: 'aal2' })
  clear(@Claims() { sub }: AccessTokenClaims): void {
    this.ordersOf.delete(sub);
  }
}
