// Tells which terms a person has accepted, and records that they accept the current ones. People who registered before there were terms, or
// before their last change, can still sign in: the app has to ask them.
import { Injectable } from '@nestjs/common';
import { RegistrationConfig } from '../../config/registration.config';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { acceptTerms, readTerms } from './terms.sql';
import type { AcceptedTerms } from './terms.types';

@Injectable()
export class TermsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly context: RequestContext,
    private readonly config: RegistrationConfig,
  ) {}

  async read({ userId }: Actor): Promise<AcceptedTerms> {
    const [row] = await this.database.run<Omit<AcceptedTerms, 'current'>>(readTerms, [userId]);
    return { current: this.config.TERMS_VERSION ?? null, accepted: null, acceptedAt: null, ...row };
  }

  /**
   * Accepting twice is no error. Where the server has no terms (TERMS_VERSION is not set), any version is recorded.
   * @throws AppError validation_failed for a version that is not the current one
   */
  async accept({ userId, sessionId }: Actor, version: string): Promise<void> {
    if (version !== (this.config.TERMS_VERSION ?? version)) {
      throw new AppError(platformErrors.validation_failed, {
        errors: [{ pointer: '/termsVersion', code: 'not_current' }],
      });
    }
    const { requestId, address } = this.context;
    const parameters = { userId, sessionId, version, now: this.clock.now(), requestId, address };
    await this.database.run(...acceptTerms.with(parameters));
  }
}
