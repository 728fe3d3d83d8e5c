// The vendors for a number, in order, and which of them may be called now. Reads configuration and health; the rules are in route.policy.ts.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LoadedConfig } from '../../config/load-config';
import { countryOf } from '../../platform/phone/phone-number';
import type { Route } from '../contract/message-source';
import type { Channel } from '../contract/provider';
import { SmsConfig } from '../sms.config';
import { openForSeconds } from './breaker';
import type { CountryRoutes } from './country-routes';
import { CodeDemand, codeChannels, codeRoutes, routesOfCountry, textRoutes } from './route.policy';
import { type Admission, VendorHealth } from './vendor-health.service';
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
   * The vendors that may be called now, busy ones last (F03). When there is none and one is being probed, waits for the result of the probe.
   */
  async available(routes: readonly Route[], signal?: AbortSignal): Promise<readonly Route[]> {
    for (let looks = 0; ; looks++) {
      const all = routes.map((route) => ({ route, admission: this.health.admission(route.provider) }));
      const those = (wanted: Admission) =>
        all.filter(({ admission }) => admission === wanted).map(({ route }) => route);
      const ready = [...those('free'), ...those('busy')];
      if (ready.length > 0 || those('probing').length === 0 || looks === PROBE_LOOKS) return ready;
      await wait(PROBE_LOOK_EVERY_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
    }
  }

  /** The first vendor that may be called now; the first of all when none may. */
  next(routes: readonly Route[]): Route | undefined {
    return routes.find(({ provider }) => this.health.openFor(provider) === 0) ?? routes[0];
  }

  /** @returns seconds until one of them may be tried again, when the breakers of all are open; else undefined */
  openForSeconds(routes: readonly Route[]): number | undefined {
    return openForSeconds(routes.map(({ provider }) => this.health.openFor(provider)));
  }

  private ofPhone(phone: string): readonly Route[] {
    return routesOfCountry(this.vendors.routes, this.exceptions, countryOf(phone));
  }
}
