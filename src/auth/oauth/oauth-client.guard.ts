// Admits client apps to the routes of RFC 7662 and 7009, by HTTP Basic with client id and secret, and by the scope of the route. Others learn nothing
// else, not even whether the form was right. Past this guard request.client is a living client app.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { ApiKeyAccess } from '../clients/api-key-access.service';
import { passwordErrors } from '../password/password.errors';
import { basicCredentials } from './basic-credentials.algorithm';
import { oauthScope } from './oauth-route.decorator';

const form = /^application\/x-www-form-urlencoded *(;|$)/i;

@Injectable()
export class OauthClientGuard implements CanActivate {
  constructor(private readonly keys: ApiKeyAccess) {}

  /** @throws AppError credentials_invalid, insufficient_scope, rate_limited, unsupported_media_type, overloaded, not_ready */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const given = basicCredentials(request.headers.authorization);
    const client = given && (await this.keys.byPassword(given.clientId, given.secret, oauthScope(context)));
    if (client === undefined) {
      void context.switchToHttp().getResponse<FastifyReply>().header('WWW-Authenticate', 'Basic realm="latchkey"');
      throw new AppError(passwordErrors.credentials_invalid, { reason: 'no living client app has this id and secret' });
    }
    if (!form.test(request.headers['content-type'] ?? '')) {
      throw new AppError(platformErrors.unsupported_media_type, { reason: 'not a form' });
    }
    request.client = client;
    return true;
  }
}
