// A guard for Nest, on Express and on Fastify. Import LatchkeyModule once; put LatchkeyGuard on a controller, on a route or
// on everything (APP_GUARD); read the claims with @Claims(). Refusals are HttpExceptions, so filters of yours see them.
import {
  type CanActivate,
  createParamDecorator,
  type CustomDecorator,
  type DynamicModule,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { VerifierOptions } from './options';
import { refusalOf } from './refusal';
import { claimsOf, keepClaims } from './request-claims';
import { checkedRequirements, LatchkeyVerifier } from './verifier';
import { LatchkeyVerifyError, type Requirements } from './verify-error';

const REQUIREMENTS = 'latchkey:requirements';

interface GuardedRequest {
  readonly headers: IncomingHttpHeaders;
}

/** On a route or a controller (the route's goes first): what LatchkeyGuard asks for beyond a valid token. @throws TypeError */
export function RequireSignIn(requirements: Requirements): CustomDecorator {
  return SetMetadata(REQUIREMENTS, checkedRequirements(requirements));
}

/** The claims of the caller, as a parameter of a guarded route. */
export const Claims = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  claimsOf(context.switchToHttp().getRequest<object>()),
);

@Injectable()
export class LatchkeyGuard implements CanActivate {
  constructor(@Inject(LatchkeyVerifier) private readonly verifier: LatchkeyVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') throw new Error('LatchkeyGuard guards HTTP routes only');
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    try {
      keepClaims(request, await this.verifier.verifyHeader(request.headers.authorization, requirementsOf(context)));
      return true;
    } catch (error) {
      if (!(error instanceof LatchkeyVerifyError)) throw error;
      throw refused(context, error);
    }
  }
}

export class LatchkeyModule {
  /** One verifier for the application, injectable everywhere as LatchkeyVerifier. @throws TypeError for a wrong option */
  static forRoot(options: VerifierOptions): DynamicModule {
    const verifier = { provide: LatchkeyVerifier, useValue: new LatchkeyVerifier(options) };
    return {
      module: LatchkeyModule,
      global: true,
      providers: [verifier, LatchkeyGuard],
      exports: [LatchkeyVerifier, LatchkeyGuard],
    };
  }
}

/** What reflect-metadata, which every Nest application loads, adds to Reflect. */
type Metadata = (key: string, target: object) => Requirements | undefined;

function requirementsOf(context: ExecutionContext): Requirements {
  const { getMetadata } = Reflect as unknown as { readonly getMetadata: Metadata };
  return getMetadata(REQUIREMENTS, context.getHandler()) ?? getMetadata(REQUIREMENTS, context.getClass()) ?? {};
}

function refused(context: ExecutionContext, error: LatchkeyVerifyError): HttpException {
  const { status, headers, body } = refusalOf(error);
  const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return new HttpException(body, status, { cause: error });
}
