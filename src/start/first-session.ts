/**
 * A first session to paste into a POSIX shell, line by line: register, prove the phone, log in, call a protected route. Each time it uses
 * another phone, because a number can be registered only once. It needs only curl and node, and does not depend on the simulated vendor.
 * README and its test use exactly this text.
 */
export function firstSession({ api, simulator }: { api: string; simulator: string }): string {
  return `API=${api}
SIMULATOR=${simulator}
PHONE=+1201555$(date +%M%S)
PASSWORD=violet-harbor-41-lantern
post() { curl -sS "$API$1" -H 'content-type: application/json' -d "$2"; }
field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }
code() { until curl -sS "$SIMULATOR/inbox/$PHONE" | grep -q '"code":"'; do sleep 0.2; done; curl -sS "$SIMULATOR/inbox/$PHONE" | field '[0].code'; curl -sS -X DELETE "$SIMULATOR/inbox"; }

CHALLENGE=$(post /v1/auth/register '{"phone":"'$PHONE'","password":"'$PASSWORD'"}' | field .challengeToken)
post /v1/auth/otp/verify '{"challengeToken":"'$CHALLENGE'","code":"'$(code)'"}'

CHALLENGE=$(post /v1/auth/login '{"identifier":"'$PHONE'","password":"'$PASSWORD'"}' | field .challengeToken)
TOKEN=$(post /v1/auth/otp/verify '{"challengeToken":"'$CHALLENGE'","code":"'$(code)'"}' | field .accessToken)
curl -sS "$API/v1/users/me" -H "authorization: Bearer $TOKEN"
`;
}
