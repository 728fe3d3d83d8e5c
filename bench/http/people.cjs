// How many people a run needs and what each is for, the same for every server; and requests one after the other from a list.
const { createHash, randomBytes } = require('node:crypto');

const PASSWORD = 'violet-harbor-41-lantern';
const phoneOf = (n) => `+1415${2_000_000 + n}`;
const digestOf = (token) => createHash('sha256').update(token).digest();

/** Addresses of clients behind our own proxy: so many that no limit per address is ever near. */
const ADDRESSES = 20_000;
let asked = 0;
function address() {
  asked = (asked + 1) % ADDRESSES;
  return {
    'x-forwarded-for': `100.${64 + (asked >> 16)}.${(asked >> 8) & 255}.${asked & 255}`,
    'user-agent': 'bench/1',
  };
}

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

/** @returns a function that gives each of the list once, then undefined */
function once(list) {
  let next = 0;
  return () => list[next++];
}

/** @returns a function that gives each in turn, for ever; what is in use is passed over */
function inTurn(list) {
  let next = 0;
  return () => {
    for (let tries = 0; tries < list.length; tries += 1) {
      next = (next + 1) % list.length;
      if (!list[next].busy) return list[next];
    }
    return undefined;
  };
}

const secret = (bytes = 32) => randomBytes(bytes);

module.exports = { PASSWORD, phoneOf, digestOf, address, placesOf, once, inTurn, secret };
