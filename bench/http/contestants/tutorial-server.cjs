// What vendors' tutorials show: Express, users and codes in Maps, bcryptjs, jsonwebtoken with a string. Nothing survives a restart,
// no limit, no audit. Its people are made up at start: each has the password and a code for each way in.
const { randomUUID } = require('node:crypto');
const bcrypt = require('bcryptjs');
const express = require('express');
const jwt = require('jsonwebtoken');
const { announce } = require('./announce.cjs');

const SECRET = 'a-string-as-in-the-tutorial-0123456789';
const { PASSWORD, PEOPLE, COST, SINK_URL } = process.env;
const hash = bcrypt.hashSync(PASSWORD, Number(COST));
const users = new Map();
const codes = new Map();
for (let n = 0; n < Number(PEOPLE); n += 1) {
  const phone = `+1415${2_000_000 + n}`;
  users.set(phone, { id: randomUUID(), phone, hash });
  codes.set(phone, { code: '123456', expiresAt: Date.now() + 3_600_000 });
}
const refreshTokens = new Set();
const newCode = () => String(Math.floor(100_000 + Math.random() * 900_000));

function tokensOf({ id, phone }) {
  const accessToken = jwt.sign({ sub: id, phone }, SECRET, { expiresIn: '1h' });
  const refreshToken = jwt.sign({ sub: id, phone, jti: randomUUID() }, SECRET, { expiresIn: '30d' });
  refreshTokens.add(refreshToken);
  return { accessToken, refreshToken };
}

async function send(phone, code) {
  await fetch(SINK_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: phone, text: `Your code is ${code}` }),
  });
}

const app = express();
app.use(express.json());
app.post('/login', async (request, response) => {
  const user = users.get(request.body.phone);
  if (user === undefined || !(await bcrypt.compare(request.body.password, user.hash)))
    return response.status(401).json({});
  const code = newCode();
  codes.set(user.phone, { code, expiresAt: Date.now() + 300_000 });
  await send(user.phone, code);
  response.json({ message: 'code sent' });
});
app.post('/verify', (request, response) => {
  const { phone, code } = request.body;
  const known = codes.get(phone);
  if (known === undefined || known.code !== code || known.expiresAt < Date.now()) return response.status(401).json({});
  codes.delete(phone);
  response.json(tokensOf(users.get(phone)));
});
app.post('/refresh', (request, response) => {
  const { refreshToken } = request.body;
  if (!refreshTokens.delete(refreshToken)) return response.status(401).json({});
  const { sub, phone } = jwt.verify(refreshToken, SECRET);
  response.json(tokensOf({ id: sub, phone }));
});
app.get('/me', (request, response) => {
  try {
    const { sub, phone } = jwt.verify((request.headers.authorization ?? '').slice(7), SECRET);
    response.json({ id: sub, phone });
  } catch {
    response.status(401).json({});
  }
});
app.post('/resend', async (request, response) => {
  const code = newCode();
  codes.set(request.body.phone, { code, expiresAt: Date.now() + 300_000 });
  await send(request.body.phone, code);
  response.json({ message: 'code sent' });
});
const server = app.listen(0, '127.0.0.1', () => announce(server));
