// RFC 7009: a client app gives up a token of its own. That ends the session, whichever of its tokens it is and however old.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { RequestContext } from '../../platform/request/request-context';
import type { ApiClient } from '../clients/clients.types';
import { RefreshTokens } from '../sessions/refresh-token.algorithm';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { AccessTokenVerifier } from '../tokens/access-token-verifier.service';
import { revokeForClient } from './oauth.sql';

@Injectable()
export class RevocationService {
  constructor(
    private readonly database: Database,
    private readonly accessTokens: AccessTokenVerifier,
    private readonly refreshTokens: RefreshTokens,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /**
   * A text that is no token of ours, or one of a session that has ended, is no error: it opens nothing (RFC 7009 section 2.2).
   * @throws AppError validation_failed for a token of another client app, since the caller must not believe that it has ended (section 2.1);
   * overloaded or not_ready when it could not be done
   */
  async revoke(token: string, { id, clientId }: ApiClient): Promise<void> {
    const sessionId = this.refreshTokens.read(token)?.id ?? (await this.accessTokens.sessionOf(token));
    if (sessionId === undefined) return;
    const { requestId, address } = this.context;
    const [owner] = await this.database.run<{ clientId: string }>(
      ...revokeForClient.with({ sessionId, clientId, clientRef: id, now: this.clock.now(), requestId, address }),
    );
    this.liveness.forget(sessionId);
    if (owner === undefined || owner.clientId === clientId) return;
    throw new AppError(platformErrors.validation_failed, {
      errors: [{ pointer: '/token', code: 'of_another_client' }],
    });
  }
}
