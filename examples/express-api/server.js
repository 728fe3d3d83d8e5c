// Orders of a person, for whoever comes with an access token of Latchkey. In memory: it is an example.
const express = require('express');
const { claimsOf, LatchkeyVerifier } = require('@latchkey/verifier');
const { latchkeyMiddleware } = require('@latchkey/verifier/express');

const { LATCHKEY_URL = 'http://127.0.0.1:3000', PAGE_ORIGIN = 'http://127.0.0.1:8080', PORT = '4000' } = process.env;
const { AUDIENCE = LATCHKEY_URL } = process.env;

const latchkey = new LatchkeyVerifier({ issuer: LATCHKEY_URL, audience: AUDIENCE });
const ordersOf = new Map();

const app = express();
app.disable('x-powered-by');
app.use(allowPage);
app.use((request, response, next) => {
  response.set('cache-control', 'no-store'); // what is one person's stays in no cache
  next();
});
app.use(express.json());

app.get('/orders', latchkeyMiddleware(latchkey), (request, response) => {
  response.json({ items: ordersOf.get(claimsOf(request).sub) ?? [] });
});

app.post('/orders', latchkeyMiddleware(latchkey), (request, response) => {
  const { sub } = claimsOf(request);
  const order = { what: String(request.body?.what ?? ''), at: new Date().toISOString() };
  ordersOf.set(sub, [...(ordersOf.get(sub) ?? []), order]);
  response.status(201).json(order);
});

// Whoever deletes everything has signed in within the last ten minutes, with a second factor.
const fresh = { maxAuthAgeSeconds: 600, requireAcr: 'aal2' };
app.delete('/orders', latchkeyMiddleware(latchkey, fresh), (request, response) => {
  ordersOf.delete(claimsOf(request).sub);
  response.status(204).end();
});

/** Lets the page of examples/web-page call from a browser (CORS). */
function allowPage(request, response, next) {
  response.vary('Origin');
  if (request.headers.origin !== PAGE_ORIGIN) return next();
  response.set({
    'access-control-allow-origin': PAGE_ORIGIN,
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-expose-headers': 'www-authenticate',
  });
  if (request.method === 'OPTIONS') return response.status(204).end();
  return next();
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
