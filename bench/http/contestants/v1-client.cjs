// What a client asks of the API's routes; the minimal server and our bare statements answer the same requests.
const { claimsOf } = require('../load.cjs');
const { PASSWORD } = require('../people.cjs');
const { address, bearer, requestsFrom } = require('../requests.cjs');

async function post(origin, path, body) {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...address() },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

const isRight = (userId) => (body) =>
  body.tokenType === 'Bearer' && body.user.id === userId && claimsOf(body.accessToken).sub === userId;

/** The requests of every route. @param users by place @param lists by route: challenges, sessions, and for `login` places */
function requestsOf({ users, ...lists }) {
  const asks = {
    verify: ({ place, token, code }) => ({
      path: '/v1/auth/otp/verify',
      body: { challengeToken: token, code },
      check: isRight(users[place].id),
    }),
    refresh: (session) => ({
      path: '/v1/auth/token/refresh',
      body: { refreshToken: session.token },
      check: (body) => {
        session.token = body.refreshToken;
        return isRight(session.userId)(body);
      },
    }),
    me: (session) => ({ path: '/v1/users/me', headers: bearer(session), check: ({ id }) => id === session.userId }),
    login: (place) => ({
      path: '/v1/auth/login',
      body: { identifier: users[place].phone, password: PASSWORD },
      check: ({ challengeToken }) => challengeToken.length > 40,
    }),
    resend: ({ token }) => ({
      path: '/v1/auth/otp/resend',
      body: { challengeToken: token },
      check: ({ challengeToken }) => challengeToken === token,
    }),
  };
  return requestsFrom(lists, asks, address);
}

/** Whoever asks for themselves has an access token: the first answer to their refresh token. */
async function giveAccessTokens(origin, sessions) {
  for (const session of sessions) {
    const tokens = await post(origin, '/v1/auth/token/refresh', { refreshToken: session.token });
    Object.assign(session, { accessToken: tokens.accessToken, token: tokens.refreshToken });
  }
}

module.exports = { giveAccessTokens, post, requestsOf };
