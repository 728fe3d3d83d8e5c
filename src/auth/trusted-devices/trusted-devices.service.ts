// A person's trusted devices: made when they ask for it at a sign-in, listed, ended.
import { Injectable, Logger } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { after } from '../../platform/time/seconds';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { DeviceTokens } from './device-token.algorithm';
import { TrustedDevicesConfig } from './trusted-devices.config';
import { endTrustedDevice, listTrustedDevices, trustDevice, type TrustedDeviceRow } from './trusted-devices.sql';

export interface GivenDeviceToken {
  readonly token: string;
  /** Seconds until it expires. */
  readonly seconds: number;
}

@Injectable()
export class TrustedDevices {
  private readonly logger = new Logger('trusted-devices');

  constructor(
    private readonly database: Database,
    private readonly tokens: DeviceTokens,
    private readonly config: TrustedDevicesConfig,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * For somebody who has just signed in with a second factor. @param sessionId of that sign-in
   * @returns undefined when no device is trusted here, or it could not be stored. That does not fail the sign-in, whose code is used up already
   */
  async trust(userId: string, sessionId: string): Promise<GivenDeviceToken | undefined> {
    const { seconds } = this.config;
    if (seconds === 0) return undefined;
    const deviceId = this.random.uuid();
    const { token, digest: tokenDigest } = this.tokens.create(deviceId, 0);
    const { now, requestId, address } = this.audited();
    const expiresAt = after(now, seconds);
    const { userAgent } = this.context;
    const facts = { deviceId, userId, sessionId, tokenDigest, userAgent, expiresAt, now, requestId, address };
    try {
      const made = await this.database.run(...trustDevice.with(facts));
      return made.length === 0 ? undefined : { token, seconds };
    } catch (error) {
      this.logger.warn({ msg: 'a device could not be trusted', err: error as Error });
      return undefined;
    }
  }

  /** Trusted devices, last used first, without those that have ended. */
  list({ userId }: Actor): Promise<TrustedDeviceRow[]> {
    return this.database.run<TrustedDeviceRow>(listTrustedDevices, [userId, this.clock.now()]);
  }

  /** @throws AppError not_found: the same for an unknown device, an ended one, another person's, and a text that is no id */
  async end(id: string, { userId, sessionId }: Actor): Promise<void> {
    const target = isUuid(id) ? id : null;
    const ended = await this.database.run(...endTrustedDevice.with({ ...this.audited(), userId, sessionId, target }));
    if (ended.length === 0) throw new AppError(platformErrors.not_found, { reason: 'no trusted device of the caller' });
  }

  private audited() {
    const { requestId, address } = this.context;
    return { now: this.clock.now(), requestId, address };
  }
}
