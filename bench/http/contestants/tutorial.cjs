// Starts the server of a tutorial (tutorial-server.cjs), which makes up its people and codes itself.
const { join } = require('node:path');
const { PASSWORD, phoneOf } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { bearer, requestsFrom } = require('../requests.cjs');

const CODE = '123456';
const isJwt = (text) => text.split('.').length === 3;
const asks = {
  verify: (phone) => ({
    path: '/verify',
    body: { phone, code: CODE },
    check: ({ accessToken }) => isJwt(accessToken),
  }),
  login: (phone) => ({
    path: '/login',
    body: { phone, password: PASSWORD },
    check: ({ message }) => message === 'code sent',
  }),
  resend: (phone) => ({ path: '/resend', body: { phone }, check: ({ message }) => message === 'code sent' }),
  refresh: (session) => ({
    path: '/refresh',
    body: { refreshToken: session.refreshToken },
    check: (body) => {
      session.refreshToken = body.refreshToken;
      return isJwt(body.accessToken);
    },
  }),
  me: (session) => ({ path: '/me', headers: bearer(session), check: ({ phone }) => phone === session.phone }),
};

async function startTutorial({ databases, places, cost, sink }) {
  const program = await start(databases.folder, [join(__dirname, 'tutorial-server.cjs')], {
    PASSWORD,
    PEOPLE: String(places.all + 1),
    COST: String(cost),
    SINK_URL: sink.ready.api,
  });
  const origin = program.ready.api;
  const phones = (list) => list.map((place) => phoneOf(place + 1));
  // Who renews or asks for themselves has signed in before.
  const signedIn = async (list) => {
    const all = [];
    for (const phone of phones(list)) {
      const answer = await fetch(`${origin}/verify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phone, code: CODE }),
      });
      all.push({ phone, ...(await answer.json()) });
    }
    return all;
  };
  const lists = {
    verify: phones(places.verify),
    resend: phones(places.resend),
    login: phones(places.login),
    refresh: await signedIn(places.refresh),
    me: await signedIn(places.me),
  };
  return {
    name: 'tutorial',
    label: 'Express, in memory',
    origin,
    pids: [program.pid],
    requests: requestsFrom(lists, asks),
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

module.exports = { startTutorial };
