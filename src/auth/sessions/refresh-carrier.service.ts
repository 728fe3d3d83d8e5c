// Takes the refresh token of a request from the body or the cookie, never from both. A client that sends a token in the body keeps its
// tokens itself, and its cookies are ignored. Otherwise the cookie counts, and the page must be allowed to use it (A29, A45).
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { TokenDelivery } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { BrowserOrigin } from './browser-origin.service';
import { expiredDeviceCookie, expiredRefreshCookie, readRefreshCookie } from './token-cookies.algorithm';
import { RefreshTokens } from './refresh-token.algorithm';

export interface PresentedRefresh {
  readonly token: string;
  readonly carrier: TokenDelivery;
}

/**
 * Headers with which a browser forgets the cookie of a session that has ended, and what pages of this origin have stored. Not "cookies", which would
 * delete every cookie of the registrable domain, also those of other apps.
 */
export const FORGET = { 'set-cookie': expiredRefreshCookie(), 'clear-site-data': '"storage"' };

/** For an account that is gone: the browser also forgets that it was a trusted device. */
export const FORGET_ACCOUNT = { ...FORGET, 'set-cookie': [expiredRefreshCookie(), expiredDeviceCookie()] };

const clientOfSession = statement('client_of_session', 'SELECT client_id AS "clientId" FROM sessions WHERE id = $1');

@Injectable()
export class RefreshCarrier {
  constructor(
    private readonly origins: BrowserOrigin,
    private readonly refreshTokens: RefreshTokens,
    private readonly database: Database,
  ) {}

  /** @returns undefined when there is none. @throws AppError forbidden_origin, unsupported_media_type, overloaded, not_ready */
  async find(inBody: string | undefined, browser: BrowserFacts): Promise<PresentedRefresh | undefined> {
    if (inBody !== undefined) return { token: inBody, carrier: 'body' };
    const token = readRefreshCookie(browser.cookies);
    if (token === undefined) return undefined;
    await this.origins.demand(browser, () => this.clientOf(token));
    return { token, carrier: 'cookie' };
  }

  /**
   * For a route that needs a token. @throws AppError token_invalid when a page of ours has no cookie, so that it signs in anew;
   * validation_failed when another client sends no token; and as find
   */
  async demand(inBody: string | undefined, browser: BrowserFacts): Promise<PresentedRefresh> {
    const found = await this.find(inBody, browser);
    if (found !== undefined) return found;
    if (browser.origin === undefined && browser.fetchSite === undefined) {
      throw new AppError(platformErrors.validation_failed, {
        errors: [{ pointer: '/refreshToken', code: 'required' }],
      });
    }
    await this.origins.demand(browser, () => Promise.resolve(undefined));
    throw new AppError(tokenErrors.token_invalid, { reason: 'no refresh cookie' });
  }

  private async clientOf(token: string): Promise<string | undefined> {
    const parts = this.refreshTokens.read(token);
    if (parts === undefined) return undefined;
    const [row] = await this.database.run<{ clientId: string }>(clientOfSession, [parts.id]);
    return row?.clientId;
  }
}
