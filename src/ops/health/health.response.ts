import { ApiProperty } from '@nestjs/swagger';

/** Gives no reasons, because the route is public. They are in the log. */
export class HealthResponse {
  @ApiProperty({ enum: ['ok', 'unavailable'] })
  status: 'ok' | 'unavailable';

  constructor(ready: boolean) {
    this.status = ready ? 'ok' : 'unavailable';
  }
}
