// The verifier without a framework; guards are in /nest, /express and /fastify.
export type { AccessTokenClaims } from './claims';
export type { VerifierOptions } from './options';
export { refusalOf, type Refusal } from './refusal';
export { claimsOf } from './request-claims';
export { LatchkeyVerifier } from './verifier';
export { LatchkeyVerifyError, type Requirements, type VerifyErrorCode } from './verify-error';
