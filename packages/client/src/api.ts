// The words of the API under names an application uses; their shapes are generated from the OpenAPI document.
import type { components, operations } from './api.generated.ts';

type Schemas = components['schemas'];

export type User = Schemas['UserResponse'];
export type Challenge = Schemas['ChallengeResponse'];
export type ChallengeStatus = Schemas['StatusResponse'];
export type Session = Schemas['SessionResponse'];
export type SessionList = Schemas['SessionListResponse'];
export type Tokens = Schemas['TokensResponse'];
export type TrustedDevice = Schemas['TrustedDeviceResponse'];
export type TrustedDeviceList = Schemas['TrustedDeviceListResponse'];
export type TotpEnrolment = Schemas['TotpEnrolmentResponse'];

/** How tokens reach this client is set once, in its options. */
export type RegisterInput = Omit<Schemas['RegisterRequest'], 'tokenDelivery'>;
export type LoginInput = Omit<Schemas['LoginRequest'], 'tokenDelivery'>;
export type VerifyInput = Schemas['VerifyRequest'];
export type ResendInput = Schemas['ResendRequest'];
export type EmailConfirmInput = Schemas['EmailConfirmRequest'];
export type PasswordChangeInput = Schemas['PasswordChangeRequest'];
/** `exportedAt`, and a list of rows for each table. */
export type AccountExport = operations['Export.read']['responses']['200']['content']['application/json'];
export type Terms = Schemas['TermsResponse'];
/** What has to be passed first: `proof_of_work` with `puzzle` and `difficulty`, or a widget with `siteKey`. */
export type Gate = NonNullable<Schemas['GateResponse']['gate']>;
export type ProfileInput = Schemas['MeUpdateRequest'];
/** After a lost phone: the challenge that an operator has passed on, and the code from the new number. */
export type PhoneRebindInput = Schemas['PhoneRebindRequest'];
export type PhoneRebind = Schemas['PhoneRebindResponse'];
export type PasswordResetInput = Schemas['PasswordResetRequest'];
export type PhoneConfirmInput = Schemas['PhoneConfirmRequest'];
