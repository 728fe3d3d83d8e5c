// The vendors of one number, in order, and which of them may be called now. Reads configuration and health; decides nothing itself.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LoadedConfig } from '../../config/load-config';
import { countryOf } from '../../platform/phone/phone-number';
import type { Route } from '../contract/message-source';
import type { Channel } from '../contract/provider';
import { SmsConfig } from '../sms.config';
import { closedForSeconds } from './breaker';
import type { CountryRoutes } from './country-routes';
import { CodeDemand, codeChannels, codeRoutes, routesOfCountry, textRoutes } from './route.policy';
import { VendorHealth } from './vendor-health.service';
import { Vendors } from './vendors.service';

/** A probe ends within its deadline of 5 s. It is recorded before (vendor-turn.service.ts), which may take a slow database as long again. */
const PROBE_LOOKS = 100;
const PROBE_LOOK_EVERY_MILLISECONDS = 100;

@Injectable()
export class Routing {
  private readonly exceptions: CountryRoutes;

  constructor(
    config: LoadedConfig,
    private readonly vendors: Vendors,
    private readonly health: VendorHealth,
  ) {
    this.exceptions = config.get(SmsConfig).countryRoutes;
  }

  forCode(phone: string, demand: CodeDemand): readonly Route[] {
    return codeRoutes(this.ofPhone(phone), demand);
  }

  channels(phone: string, anonymous: boolean): readonly Channel[] {
    return codeChannels(this.ofPhone(phone), anonymous);
  }

  forText(phone: string): readonly Route[] {
    return textRoutes(this.ofPhone(phone));
  }

  /**
   * Those that may be called now, the busy ones last (F03). While all the others are closed and one is being probed, waits for what the
   * probe finds.
   */
  async available(routes: readonly Route[], signal?: AbortSignal): Promise<readonly Route[]> {
    for (let looks = 0; ; looks++) {
      const states = routes.map((route) => ({ route, state: this.health.state(route.provider) }));
      const ready = states.filter(({ state }) => state === 'closed' || state === 'half-open').map(({ route }) => route);
      const worthWaiting = states.some(({ state }) => state === 'probing') && looks < PROBE_LOOKS;
      if (ready.length > 0 || !worthWaiting) return this.busyLast(ready);
      await wait(PROBE_LOOK_EVERY_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
    }
  }

  /** The one whose turn it is, as things look now; the first when none can be called. */
  next(routes: readonly Route[]): Route | undefined {
    return routes.find(({ provider }) => this.health.openFor(provider) === 0) ?? routes[0];
  }

  /** @returns seconds until one of them may be tried again, while every one of them is open; else undefined */
  closedForSeconds(routes: readonly Route[]): number | undefined {
    return closedForSeconds(routes.map(({ provider }) => this.health.openFor(provider)));
  }

  private busyLast(routes: readonly Route[]): readonly Route[] {
    const isBusy = ({ provider }: Route) => this.health.isBusy(provider);
    return [...routes.filter((route) => !isBusy(route)), ...routes.filter(isBusy)];
  }

  private ofPhone(phone: string): readonly Route[] {
    return routesOfCountry(this.vendors.routes, this.exceptions, countryOf(phone));
  }
}
