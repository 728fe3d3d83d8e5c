// The people of a run, the same for every server: their numbers, their password, and what each of them is for.
const { createHash, randomBytes } = require('node:crypto');

const PASSWORD = 'violet-harbor-41-lantern';
const phoneOf = (n) => `+1415${2_000_000 + n}`;
const digestOf = (token) => createHash('sha256').update(token).digest();

/** Places of people in the list of all: who signs in, whose session is renewed, and so on. */
function placesOf({ verify, resend, login, refresh, me }) {
  let at = 0;
  const take = (count) => Array.from({ length: count }, () => at++);
  return {
    verify: take(verify),
    resend: take(resend),
    login: take(login),
    refresh: take(refresh),
    me: take(me),
    all: at,
  };
}

const secret = (bytes = 32) => randomBytes(bytes);

module.exports = { PASSWORD, phoneOf, digestOf, placesOf, secret };
