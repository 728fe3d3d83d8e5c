import { ApiProperty } from '@nestjs/swagger';

/** No detail: the route is public, the reasons are in the log. */
export class HealthResponse {
  @ApiProperty({ enum: ['ok', 'unavailable'] })
  status: 'ok' | 'unavailable';

  constructor(ready: boolean) {
    this.status = ready ? 'ok' : 'unavailable';
  }
}
