// The requests of a run, one after the other, in the same way for every server: a code, a message and a login are asked for once each; a session is used
// again and again, and renewed by one request at a time.

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

const bearer = ({ accessToken }) => ({ authorization: `Bearer ${accessToken}` });

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

const TAKEN = { verify: once, resend: once, login: once, refresh: inTurn, me: inTurn };

/**
 * @param {Record<string, any[]>} lists by route: what each request is for; may grow while requests are taken
 * @param {Record<string, (one: any) => {path: string, body?: object, headers?: object, check: (body: any) => boolean}>} asks by route: the request for
 *   one of them, a GET where there is no body, and whether the answer is right
 * @param {() => object} headersOf what every request has besides
 * @returns by route: the next request, as load.cjs sends it; undefined when there are no more
 */
function requestsFrom(lists, asks, headersOf = () => ({})) {
  const next = ([route, ask]) => {
    const take = TAKEN[route](lists[route]);
    return () => {
      const one = take();
      if (one === undefined) return undefined;
      const { path, body, headers, check } = ask(one);
      const method = body === undefined ? 'GET' : 'POST';
      const request = {
        method,
        path,
        headers: { ...headersOf(), ...headers },
        body: body && JSON.stringify(body),
        check,
      };
      return route === 'refresh' ? alone(one, request) : request;
    };
  };
  return Object.fromEntries(Object.entries(asks).map((entry) => [entry[0], next(entry)]));
}

/** A session that is renewed is in use until its answer is there: its refresh token is good once. */
function alone(session, { check, ...request }) {
  session.busy = true;
  return {
    ...request,
    check: (body) => {
      session.busy = false;
      return check(body);
    },
  };
}

module.exports = { address, bearer, requestsFrom };
