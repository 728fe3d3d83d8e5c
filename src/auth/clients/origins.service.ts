// Which origins may call us from a browser: our own, those of CORS_ORIGINS, and those of client apps. Compared exactly as browsers send them.
// `*` (in development only) is not among them, because it must never be combined with credentials.
import { Injectable } from '@nestjs/common';
import { HttpConfig } from '../../config/http.config';
import { PublicUrl } from '../../platform/request/public-url';
import { ClientsService } from './clients.service';

@Injectable()
export class Origins {
  constructor(
    private readonly clients: ClientsService,
    private readonly http: HttpConfig,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** For answers that do not belong to one client app, such as to a preflight: any living client's origin. @throws AppError overloaded, not_ready */
  async isAllowed(origin: string): Promise<boolean> {
    return this.isOurs(origin) || (await this.clients.allowedOrigins()).has(origin);
  }

  /** For what belongs to one client app, such as a session. @throws AppError overloaded, not_ready */
  async isAllowedFor(clientId: string, origin: string): Promise<boolean> {
    if (this.isOurs(origin)) return true;
    const client = await this.clients.find(clientId);
    return client?.allowedOrigins.includes(origin) ?? false;
  }

  private isOurs(origin: string): boolean {
    return origin === this.publicUrl.origin || (origin !== '*' && this.http.CORS_ORIGINS.includes(origin));
  }
}
