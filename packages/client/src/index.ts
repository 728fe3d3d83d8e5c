// Everything an application uses.
export type {
  AccountExport,
  Challenge,
  ChallengeStatus,
  EmailConfirmInput,
  Gate,
  LoginInput,
  PasswordChangeInput,
  PasswordResetInput,
  PhoneRebind,
  PhoneRebindInput,
  ProfileInput,
  PhoneConfirmInput,
  RegisterInput,
  ResendInput,
  Session,
  Terms,
  TotpEnrolment,
  TrustedDevice,
  User,
  VerifyInput,
} from './api.ts';
export type { components, operations, paths } from './api.generated.ts';
export { LatchkeyClient, type LoginStep } from './client.ts';
export type { ClientOptions } from './client-options.ts';
export type { ApiErrorCode } from './error-codes.generated.ts';
export { type ErrorFacts, type FieldError, LatchkeyError, type LatchkeyErrorCode } from './errors.ts';
export { type OnGate, solvePuzzle } from './gate.ts';
export type { Locks, WebStorage } from './tabs.ts';
export { memoryStorage, type TokenStorage } from './token-storage.ts';
export { webStorage, type WebStorageOptions } from './web-storage.ts';
