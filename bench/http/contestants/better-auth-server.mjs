// Better Auth as its documentation sets it up: phone numbers, JWTs (ES256), bcrypt instead of scrypt so that all hash alike. Its rate
// limit and its CSRF check are off, which is to its advantage.
import { createServer } from 'node:http';
import { compare, hash } from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt, phoneNumber } from 'better-auth/plugins';
import pg from 'pg';
import { announce } from './announce.cjs';

const { DATABASE_URL, SINK_URL, BETTER_AUTH_SECRET, COST } = process.env;

async function send({ phoneNumber: to, code }) {
  await fetch(SINK_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to, text: `Your code is ${code}` }),
  });
}

const options = {
  baseURL: 'http://127.0.0.1',
  secret: BETTER_AUTH_SECRET,
  database: new pg.Pool({ connectionString: DATABASE_URL, max: 10 }),
  telemetry: { enabled: false },
  rateLimit: { enabled: false },
  advanced: { disableCSRFCheck: true, disableOriginCheck: true },
  logger: { level: 'error' },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password) => hash(password, Number(COST)),
      verify: ({ hash: encoded, password }) => compare(password, encoded),
    },
  },
  plugins: [
    phoneNumber({
      sendOTP: send,
      signUpOnVerification: { getTempEmail: (phone) => `${phone.slice(1)}@bench.example` },
    }),
    jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
server.listen(0, '127.0.0.1', () => announce(server));
