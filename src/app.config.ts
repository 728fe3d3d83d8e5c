// The configuration of the whole app: lists its slices, and fills in what development needs and nobody has set.
import { generateSecretKeys } from './platform/crypto/secret-ring';
import { GateConfig } from './auth/challenge-gate/gate.config';
import { ClientsConfig } from './auth/clients/clients.config';
import { FactorAlarmConfig } from './auth/factor-alarm/factor-alarm.config';
import { PasswordAttemptsConfig } from './auth/password/password-attempts.config';
import { PasswordConfig } from './auth/password/password.config';
import { PasswordResetConfig } from './auth/password-reset/password-reset.config';
import { PhoneRebindConfig } from './auth/phone-rebind/phone-rebind.config';
import { PhoneVerificationsConfig } from './auth/phone-verifications/phone-verifications.config';
import { RegistrationConfig } from './config/registration.config';
import { SecondFactorConfig } from './auth/second-factor/second-factor.config';
import { SessionsConfig } from './auth/sessions/sessions.config';
import { StepUpConfig } from './auth/step-up/step-up.config';
import { TrustedDevicesConfig } from './auth/trusted-devices/trusted-devices.config';
import { TokensConfig } from './auth/tokens/tokens.config';
import { ClusterConfig } from './cluster/cluster.config';
import { ClockConfig } from './config/clock.config';
import type { SliceClass } from './config/config-slice';
import { type SecretGenerators, withDevelopmentSecrets } from './config/development-secrets';
import { HttpConfig } from './config/http.config';
import { IdleNumberConfig } from './config/idle-number.config';
import { KeyringConfig } from './config/keyring.config';
import { EnvironmentVariables, LoadedConfig, loadConfig } from './config/load-config';
import { LoggingConfig } from './config/logging.config';
import { PagesConfig } from './config/pages.config';
import { PhoneConfig } from './config/phone.config';
import { ProductConfig } from './config/product.config';
import { TracingConfig } from './config/tracing.config';
import { TestPhonesConfig } from './config/test-phones.config';
import { DatabaseConfig } from './database/database.config';
import { SpendConfig } from './limits/spend.config';
import { AuditWebhookConfig } from './ops/audit-webhook/audit-webhook.config';
import { StateConfig } from './ops/state/state.config';
import { OtpConfig } from './otp/otp.config';
import { MailConfig } from './mail/mail.config';
import type { ProviderDefinition } from './sms/contract/provider';
import { providerDefinitions } from './sms/providers';
import { SmsConfig } from './sms/sms.config';
import { RedisConfig } from './throttling/redis.config';
import { ThrottlingConfig } from './throttling/throttling.config';

const moduleSlices: readonly SliceClass[] = [
  HttpConfig,
  ClusterConfig,
  LoggingConfig,
  TracingConfig,
  ClockConfig,
  DatabaseConfig,
  KeyringConfig,
  ProductConfig,
  PagesConfig,
  PhoneConfig,
  TestPhonesConfig,
  ThrottlingConfig,
  RedisConfig,
  SmsConfig,
  SpendConfig,
  MailConfig,
  OtpConfig,
  PasswordConfig,
  RegistrationConfig,
  PasswordAttemptsConfig,
  SecondFactorConfig,
  FactorAlarmConfig,
  GateConfig,
  PhoneVerificationsConfig,
  PhoneRebindConfig,
  IdleNumberConfig,
  SessionsConfig,
  StepUpConfig,
  TrustedDevicesConfig,
  PasswordResetConfig,
  TokensConfig,
  ClientsConfig,
  AuditWebhookConfig,
  StateConfig,
];

/** All slices that the app can read, also those of vendors that are not in SMS_PROVIDERS. .env.example must list all their settings. */
export const appSlices: readonly SliceClass[] = [...moduleSlices, ...providerDefinitions.map(({ config }) => config)];

const DEVELOPMENT_PROVIDERS = 'telnyx';
const DEFAULT_SIMULATOR_PORT = '3001';

/** @throws ConfigError with every problem at once */
export function loadAppConfig(variables: EnvironmentVariables): LoadedConfig {
  const filled = variables['NODE_ENV'] === 'development' ? withDevelopmentDefaults(variables) : variables;
  const chosen = chosenProviders(filled).map(({ config }) => config);
  return loadConfig(moduleSlices, filled, [...new Set(chosen)]);
}

/** Fills in generated secrets, and addresses in the simulator for the vendors. Settings that are given stay unchanged. */
function withDevelopmentDefaults(variables: EnvironmentVariables): EnvironmentVariables {
  const definitions = chosenProviders(variables);
  const generators: Record<string, SecretGenerators[string]> = { SECRET_KEYS: generateSecretKeys };
  for (const definition of definitions) Object.assign(generators, definition.developmentKeys);
  const filled = withDevelopmentSecrets(variables, generators);
  const simulator = `http://127.0.0.1:${variables['SIMULATOR_PORT'] || DEFAULT_SIMULATOR_PORT}`;
  for (const { baseUrlKey, developmentPath = '' } of definitions) {
    if (!filled[`${baseUrlKey}_FILE`]) filled[baseUrlKey] ||= `${simulator}${developmentPath}`;
  }
  for (const key of ['TURNSTILE_BASE_URL', 'HCAPTCHA_BASE_URL']) filled[key] ||= simulator;
  return filled;
}

function chosenProviders(variables: EnvironmentVariables): readonly ProviderDefinition[] {
  const none = variables['NODE_ENV'] === 'development' ? DEVELOPMENT_PROVIDERS : '';
  const names = (variables['SMS_PROVIDERS'] || none).split(',').map((name) => name.trim());
  return providerDefinitions.filter(({ name }) => names.includes(name));
}
