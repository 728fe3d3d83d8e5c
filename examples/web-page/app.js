// Shows one of three things: the sign-in, the code, or what the person came for. The session is the client's business: this
// page never sees a refresh token, and the access token only in memory.
import { LatchkeyClient, LatchkeyError } from './latchkey/index.js';

const element = (id) => document.getElementById(id);
const views = ['sign-in', 'code', 'inside'];
let latchkey;
let api;
let challengeToken;
let method;

/** What a person is told, by the method of the challenge. */
const asks = {
  sms: 'We sent a code to your phone.',
  email: 'We sent a code to your e-mail address.',
  totp: 'Enter the code of your authenticator app.',
  recovery_code: 'Enter one of your recovery codes.',
};

function show(view, said = '') {
  for (const id of views) element(id).hidden = id !== view;
  element('said').textContent = said;
}

/** What goes wrong is told to the person. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    if (error.code === 'signed_out') show('sign-in', 'Your session has ended.');
    else element('said').textContent = wordsFor(error);
  }
}

/** Runs what a button does. */
function on(id, event, work) {
  element(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    void attempt(() => work(happened));
  });
}

function wordsFor({ code, message, attemptsLeft, retryAfter }) {
  if (code === 'code_invalid') return `That is not the code. ${attemptsLeft} attempts left.`;
  if (retryAfter !== undefined) return `${message}. Try again in ${retryAfter} s.`;
  return `${message}.`;
}

async function call(path, init) {
  const answer = await latchkey.fetch(`${api}${path}`, init).catch((error) => {
    // Of the API that is away a browser tells in words of its own.
    throw error instanceof LatchkeyError ? error : new LatchkeyError('network', 'The orders cannot be reached');
  });
  if (!answer.ok) throw new LatchkeyError('bad_answer', `The API answered ${answer.status}`, { status: answer.status });
  return answer.json();
}

async function enter(user) {
  element('who').textContent = user.phone ?? user.email;
  show('inside');
  await list();
}

async function list() {
  const { items } = await call('/orders');
  const lines = items.map(({ what }) => Object.assign(document.createElement('li'), { textContent: what }));
  element('orders').replaceChildren(...lines);
}

function askForCode(challenge, how) {
  ({ challengeToken } = challenge);
  method = how;
  show('code', asks[how]);
}

on('sign-in', 'submit', async ({ target, submitter }) => {
  const { phone, password } = Object.fromEntries(new FormData(target));
  if (submitter?.value === 'register') {
    const challenge = await latchkey.register({ phone, password });
    askForCode(challenge, challenge.methods[0]);
  } else {
    const step = await latchkey.login({ identifier: phone, password });
    if (step.next === 'done') return enter(step.user);
    askForCode(step.challenge, step.challenge.methods[0]);
  }
});

on('code', 'submit', async ({ target }) => {
  const code = new FormData(target).get('code');
  const user = await latchkey.verify({ challengeToken, code, method });
  target.reset();
  await enter(user);
});

on('again', 'click', async () => {
  const challenge = await latchkey.resend({ challengeToken });
  // Also where an app was asked for: a code by message takes its place.
  askForCode(challenge, challenge.channel === 'email' ? 'email' : 'sms');
});

on('order', 'submit', async ({ target }) => {
  const { what } = Object.fromEntries(new FormData(target));
  const headers = { 'content-type': 'application/json' };
  await call('/orders', { method: 'POST', headers, body: JSON.stringify({ what }) });
  target.reset();
  await list();
});

on('log-out', 'click', async () => {
  await latchkey.logout();
  show('sign-in', 'Goodbye.');
});

async function begin() {
  const config = await (await fetch('config.json')).json();
  api = config.api;
  latchkey = new LatchkeyClient({ url: config.latchkey, delivery: 'cookie' });
  // Another tab has logged out.
  latchkey.subscribe((user) => user ?? show('sign-in'));
  const user = await latchkey.restore();
  if (user === null) show('sign-in');
  else await attempt(() => enter(user));
}

begin().catch((error) => show('sign-in', error.message));
