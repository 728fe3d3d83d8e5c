// Serves the hosted pages, and collects for them what they need to know of this server. Anybody can read that, so it must contain no secret.
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GateConfig } from './auth/challenge-gate/gate.config';
import { ClientsService } from './auth/clients/clients.service';
import { PasswordConfig } from './auth/password/password.config';
import { TrustedDevicesConfig } from './auth/trusted-devices/trusted-devices.config';
import type { LoadedConfig } from './config/load-config';
import { PagesConfig } from './config/pages.config';
import { PhoneConfig } from './config/phone.config';
import { ProductConfig } from './config/product.config';
import { RegistrationConfig } from './config/registration.config';
import { servePages } from './http/pages';
import { OperatorError } from './platform/process/operator-error';
import { addressKey } from './platform/request/client-address';
import { FrictionLimits } from './throttling/friction-limits.service';

/** Must be called before the app listens. @throws OperatorError in production when HOSTED_PAGES is on and the pages were not built */
export function setupPages(app: NestFastifyApplication, config: LoadedConfig): void {
  if (config.get(PagesConfig).HOSTED_PAGES !== true) return;
  const { REGISTRATION, TERMS_VERSION } = config.get(RegistrationConfig);
  const { countries } = config.get(PhoneConfig);
  const served = servePages(app.getHttpAdapter().getInstance(), {
    settings: {
      appName: config.get(ProductConfig).APP_NAME,
      registration: REGISTRATION,
      termsVersion: TERMS_VERSION ?? null,
      passwordMinLength: config.get(PasswordConfig).PASSWORD_MIN_LENGTH,
      trustedDeviceDays: config.get(TrustedDevicesConfig).TRUSTED_DEVICE_DAYS,
      countries: countries === 'all' ? null : countries,
    },
    appToReturnTo: async (clientId, redirectUri, address) => {
      // This route asks the database, and the guards of Nest do not run for it. So it is limited here.
      await app.get(FrictionLimits).hit('LIMIT_UNAUTHENTICATED', addressKey(address));
      const client = await app.get(ClientsService).find(clientId);
      return client?.redirectUris.includes(redirectUri) === true ? client.name : undefined;
    },
  });
  if (served) return warnOfWidget(config);
  const reason = 'the pages are not built: npm run build makes web/dist';
  if (config.environment.production) throw new OperatorError(`HOSTED_PAGES is on, and ${reason}`);
  new Logger('pages').warn(reason);
}

/** The pages load no script from other servers, so they cannot show the widget of a vendor (ADR 74). */
function warnOfWidget(config: LoadedConfig): void {
  const { CHALLENGE_GATE, CHALLENGE_GATE_KIND } = config.get(GateConfig);
  if (CHALLENGE_GATE === 'off' || CHALLENGE_GATE_KIND === 'proof_of_work') return;
  new Logger('pages').warn(
    `the pages show no widget of ${CHALLENGE_GATE_KIND}: while the gate is shut, nobody registers or resets a password on them`,
  );
}
