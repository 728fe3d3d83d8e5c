// Which claims may be added to our access tokens. Pure. A reserved name could be taken for something that we say of the person (RFC 9068,
// RFC 7519, OpenID Connect). The size is bounded, so that tokens still fit into headers and our own check.

/** Bytes of JSON of all added claims together. */
const ADDED_CLAIMS_BYTES = 1024;

const reserved: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'client_id',
    'scope',
    'azp',
    'cnf',
    'act',
    'may_act',
    'authorization_details',
  ],
  ...['sid', 'auth_time', 'amr', 'acr', 'nonce', 'phone_number', 'phone_number_verified', 'email', 'email_verified'],
  ...['__proto__', 'constructor', 'prototype'],
]);
const nameForm = /^[A-Za-z0-9_:/.#~?=&%-]{1,128}$/;

/** @param claims the result of JSON.parse. @returns why they may not be added, without quoting a value; undefined when they may */
export function addedClaimsProblem(claims: unknown): string | undefined {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return 'must be a JSON object';
  const names = Object.keys(claims);
  const taken = names.filter((name) => reserved.has(name));
  if (taken.length > 0) return `must not name reserved claims: ${taken.join(', ')}`;
  if (!names.every((name) => nameForm.test(name)))
    return 'must have names of 1 to 128 letters, digits or URI characters';
  const size = Buffer.byteLength(JSON.stringify(claims));
  return size > ADDED_CLAIMS_BYTES ? `must be at most ${ADDED_CLAIMS_BYTES} bytes of JSON` : undefined;
}
