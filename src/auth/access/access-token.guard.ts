// Guards every route, and refuses by default: a route is open only when it is marked @Public(); one marked @ApiKey() takes only keys of client
// apps. Invariant: past this guard, request.actor is a person with a living session of an active account, or request.client is a living client
// app with the scope of the route. When the database cannot say whether the session lives, the answer is 503, never a pass (A11, A13, A38, A39).
import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/app-error';
import type { ErrorDefinition } from '../../platform/errors/define-errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { apiKeyScope, type ClientScope } from '../../platform/request/api-key.decorator';
import { isPublic } from '../../platform/request/public.decorator';
import { challengeKinds } from '../../otp/otp.types';
import { ApiKeyAccess } from '../clients/api-key-access.service';
import type { ApiClient } from '../clients/clients.types';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { AccessTokenVerifier } from '../tokens/access-token-verifier.service';

const bearer = /^Bearer +(\S+) *$/i;
/** How our opaque tokens begin, by kind: challenges (with their code length), refresh, trusted device, API key, invitation. */
const otherKind = new RegExp(`^(?:(?:${Object.values(challengeKinds).join('|')})[0-9]{0,2}|rf|td|ak|iv)_`);

@Injectable()
export class AccessTokenGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly sessions: SessionLivenessService,
    private readonly keys: ApiKeyAccess,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return isPublic(context) || this.admit(context);
  }

  private async admit(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const token = bearer.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw refusal(reply, tokenErrors.token_invalid, 'no bearer token');
    const scope = apiKeyScope(context);
    if (scope === undefined) await this.person(request, token, reply);
    else request.client = await this.clientApp(token, scope, reply);
    return true;
  }

  private async clientApp(token: string, scope: ClientScope, reply: FastifyReply): Promise<ApiClient> {
    if (!token.startsWith('ak_')) throw refusal(reply, tokenErrors.token_type_invalid, 'not an API key');
    const client = await this.keys.byKey(token, scope);
    if (client === undefined) throw refusal(reply, tokenErrors.token_invalid, 'no living client app has this key');
    return client;
  }

  private async person(request: FastifyRequest, token: string, reply: FastifyReply): Promise<void> {
    if (otherKind.test(token)) throw refusal(reply, tokenErrors.token_type_invalid, 'a token of another kind');
    const actor = await this.tokens.verify(token);
    if (actor === undefined) throw refusal(reply, tokenErrors.token_invalid, 'not an access token of ours, or not now');
    const session = await this.sessions.find(actor.sessionId, actor.userId);
    if (session === undefined) throw refusal(reply, tokenErrors.token_invalid, 'the session has ended');
    request.actor = actor;
    if (session.account !== undefined) request.account = session.account;
  }
}

// A 401 must say how to authenticate (RFC 9110 section 11.6.1).
function refusal(reply: FastifyReply, definition: ErrorDefinition, reason: string): AppError {
  void reply.header('WWW-Authenticate', 'Bearer');
  return new AppError(definition, { reason });
}
