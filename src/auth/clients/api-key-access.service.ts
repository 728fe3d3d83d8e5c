// Checks the API key for a route marked @ApiKey. Wrong keys are counted per address and recorded. A right key is never refused because of wrong ones
// from the same address: 256 random bits cannot be guessed, so the limit only bounds how much is recorded.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import type { ClientScope } from '../../platform/request/api-key.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { FrictionLimits } from '../../throttling/friction-limits.service';
import { clientErrors } from './clients.errors';
import { ClientsService } from './clients.service';
import type { ApiClient } from './clients.types';

@Injectable()
export class ApiKeyAccess {
  constructor(
    private readonly clients: ClientsService,
    private readonly throttle: FailureThrottle,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly limits: FrictionLimits,
  ) {}

  /** @returns undefined for a wrong key, which is a 401. @throws AppError insufficient_scope, rate_limited, overloaded, not_ready */
  async byKey(key: string, scope: ClientScope): Promise<ApiClient | undefined> {
    return this.demand(await this.clients.byApiKey(key), scope);
  }

  /** With id and secret of HTTP Basic. @returns undefined for a wrong pair, which is a 401. @throws as byKey */
  async byPassword(clientId: string, secret: string, scope: ClientScope): Promise<ApiClient | undefined> {
    return this.demand(await this.clients.authenticate(clientId, secret), scope);
  }

  private async demand(client: ApiClient | undefined, scope: ClientScope): Promise<ApiClient | undefined> {
    if (client === undefined) await this.count();
    else if (!client.scopes.includes(scope)) {
      throw new AppError(clientErrors.insufficient_scope, { meta: { clientId: client.clientId, scope } });
    }
    if (client !== undefined) await this.limits.hit('LIMIT_CLIENT', client.clientId);
    return client;
  }

  // Recorded only while within the limit, so that nobody can fill the audit log.
  private async count(): Promise<void> {
    const { address, requestId } = this.context;
    await this.throttle.check('LIMIT_CLIENT_ADDRESS', address);
    await this.throttle.fail('LIMIT_CLIENT_ADDRESS', address);
    await this.audit.record(this.database, {
      event: 'client_authn_fail',
      at: this.clock.now(),
      requestId,
      address,
    });
  }
}
