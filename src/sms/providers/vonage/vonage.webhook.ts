// What the readers of both products share: whose webhook it is. Signed with the account's signature secret, for this body, within the
// replay window, and not for another application or account than ours.
import type { ReceiptDependencies, ReceiptReading, WebhookRequest } from '../../contract/receipt';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isFresh } from '../../contract/webhook-signature';
import type { VonageAccount } from './vonage.account';
import { signedClaims, signsBody } from './vonage.signature';

type Refused = Extract<ReceiptReading, { ok: false }>;
export type Opened = { readonly ok: true; readonly body: JsonObject } | Refused;

export function opened(request: WebhookRequest, { config, clock }: ReceiptDependencies<VonageAccount>): Opened {
  const claims = signedClaims(request.headers['authorization'], config.VONAGE_SIGNATURE_SECRET?.reveal() ?? '');
  if (claims === undefined || !signsBody(claims, request.rawBody) || !isOurs(claims, config)) {
    return { ok: false, refusal: 'bad_signature' };
  }
  const { iat } = claims;
  if (typeof iat !== 'number' || !isFresh(iat, clock.now())) return { ok: false, refusal: 'stale' };
  const body = parseObject(request.rawBody.toString('utf8'));
  return body === undefined ? { ok: false, refusal: 'unreadable' } : { ok: true, body };
}

function isOurs({ iss, application_id: application, api_key: key }: JsonObject, account: VonageAccount): boolean {
  const known = [
    [application, account.VONAGE_APPLICATION_ID],
    [key, account.VONAGE_API_KEY?.reveal()],
  ];
  return iss === 'Vonage' && known.every(([told, ours]) => told === undefined || ours === undefined || told === ours);
}
