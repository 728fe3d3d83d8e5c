// Signs in on a trusted device, with a right password and without a code (design section 2). A token that belongs to no trusted device of the account
// changes nothing and reveals nothing: the login goes on with a challenge. Such a session does not prove the second factor: its amr has `td` and not
// `mfa`, so sensitive routes ask for a step-up (step-up.policy.ts).
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import type { TokenDelivery } from '../../otp/otp.types';
import { secondsUntil } from '../../platform/time/seconds';
import { Random } from '../../platform/random/random';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FIRST_PARTY } from '../clients/client.policy';
import type { ProvedAccount } from '../password/proved-account.types';
import { SessionMaker } from '../second-factor/session-maker.service';
import { RefreshSuccessor } from '../sessions/refresh-successor.algorithm';
import { deliverDevice, type DeliveredTokens } from '../sessions/token-delivery';
import { readDeviceCookie } from '../sessions/token-cookies.algorithm';
import { DeviceTokens } from '../trusted-devices/device-token.algorithm';
import { TrustedDevicesConfig } from '../trusted-devices/trusted-devices.config';
import type { LoginRequest } from './login.request';
import { type PresentedDevice, signInTrusted, type TrustedLoginRow } from './trusted-login.sql';

/** The device that a token names, together with the token. */
interface DeviceOfToken extends PresentedDevice {
  readonly token: string;
}

@Injectable()
export class TrustedLogin {
  constructor(
    private readonly database: Database,
    private readonly tokens: DeviceTokens,
    private readonly successors: RefreshSuccessor,
    private readonly sessions: SessionMaker,
    private readonly config: TrustedDevicesConfig,
    private readonly context: RequestContext,
    private readonly random: Random,
  ) {}

  /**
   * The device of a login. In body mode the token is taken from the body only, in cookie mode from the cookie only (A29).
   * @returns undefined when there is no token of ours. @throws AppError not_ready for a key id that is not on the ring
   */
  presented({ tokenDelivery, trustedDeviceToken }: LoginRequest, browser: BrowserFacts): DeviceOfToken | undefined {
    const delivery: TokenDelivery = tokenDelivery ?? 'body';
    const token = delivery === 'body' ? trustedDeviceToken : readDeviceCookie(browser.cookies);
    if (typeof token !== 'string' || this.config.seconds === 0) return undefined;
    const parts = this.tokens.read(token);
    if (parts === undefined) return undefined;
    return {
      token,
      deviceId: parts.id,
      generation: parts.generation,
      presentedDigest: parts.digest,
      tokenDelivery: delivery,
    };
  }

  /** @returns undefined when the device is not trusted (any more). @throws AppError overloaded, not_ready */
  async signIn(
    device: DeviceOfToken,
    { userId, authEpoch, failuresKey }: ProvedAccount,
    request: LoginRequest,
  ): Promise<DeliveredTokens | undefined> {
    const { deviceId, generation, token } = device;
    const session = await this.sessions.prepare(['pwd', 'td']);
    const next = this.tokens.create(deviceId, generation + 1);
    const sealedFor = { id: deviceId, generation };
    const clientId = request.clientId ?? FIRST_PARTY;
    const { requestId, address } = this.context;
    const [row] = await this.database.run<TrustedLoginRow>(
      ...signInTrusted.with({
        ...session.parameters,
        ...device,
        userId,
        authEpoch,
        failuresKey,
        successorDigest: next.digest,
        successorSealed: this.successors.seal(next.token, token, sealedFor),
        clientId,
        deviceName: request.deviceName ?? null,
        now: session.at,
        noticeId: this.random.uuid(),
        requestId,
        address,
      }),
    );
    if (row === undefined || row.outcome === 'reused' || row.outcome === 'raced') return undefined;
    const successor = row.sealed === null ? next.token : this.successors.open(row.sealed, token, sealedFor);
    const tokens = await this.sessions.tokens(session, { ...row, clientId, tokenDelivery: device.tokenDelivery });
    const seconds = Math.max(1, secondsUntil(row.expiresAt, session.at));
    return deliverDevice(device.tokenDelivery, tokens, { token: successor, seconds });
  }
}
