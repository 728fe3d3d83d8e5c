// Whether a request may use or get the refresh cookie, which browsers send by themselves: only from pages of our own origins or the client app's
// (security.md 5.6, design section 2, A45). Browsers name the origin in every POST. Where it is missing, Sec-Fetch-Site must prove it.
import { Injectable } from '@nestjs/common';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { FIRST_PARTY } from '../clients/client.policy';
import { Origins } from '../clients/origins.service';
import { sessionErrors } from './sessions.errors';

const json = /^application\/json\s*(;|$)/i;

@Injectable()
export class BrowserOrigin {
  constructor(private readonly origins: Origins) {}

  /**
   * For a request whose only proof is the cookie: the origin of the page must be ours or that of the session's client app.
   * @param clientOf called only when the origin is not ours
   * @throws AppError forbidden_origin, unsupported_media_type, overloaded, not_ready; nothing has changed then
   */
  async demand(browser: BrowserFacts, clientOf: () => Promise<string | undefined>): Promise<void> {
    const { origin, fetchSite, contentType } = browser;
    if (contentType !== undefined && !json.test(contentType)) throw new AppError(platformErrors.unsupported_media_type);
    if (origin === undefined) {
      if (fetchSite !== 'same-origin') throw forbidden('no Origin');
      return;
    }
    if (await this.origins.isAllowedFor(FIRST_PARTY, origin)) return;
    const clientId = await clientOf();
    const known = clientId === undefined ? this.origins.isAllowed(origin) : this.origins.isAllowedFor(clientId, origin);
    if (!(await known))
      throw forbidden('neither the origin of PUBLIC_URL nor one of CORS_ORIGINS or of the client app');
  }

  /**
   * For a request that proves itself in its body and asks for the cookie. False only when a browser says that the page is a stranger's; other clients
   * have no cookies that somebody could plant (A40). @throws AppError overloaded, not_ready
   */
  async isWelcome({ origin, fetchSite }: BrowserFacts): Promise<boolean> {
    if (origin !== undefined) return this.origins.isAllowed(origin);
    return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
  }

  /** @throws AppError forbidden_origin when a stranger's page asks for the cookie; and as isWelcome */
  async demandWelcome(browser: BrowserFacts, tokenDelivery: string | undefined): Promise<void> {
    if (tokenDelivery === 'cookie' && !(await this.isWelcome(browser))) throw forbidden('asks for a cookie');
  }
}

function forbidden(reason: string): AppError {
  return new AppError(sessionErrors.forbidden_origin, { reason });
}
