// Shows the messages of GET /events on their phones and in their mailboxes, side by side, and the vendors that carried them. Everything
// that comes from a message is shown as text and never read as markup.
import { renderVendors } from './vendors.js';
import { make } from './make.js';

const SHOWN_MAX = 500;
const BOXES_MAX = 30;
const element = (id) => document.getElementById(id);
const [boxes, search, empty, news] = ['boxes', 'search', 'empty', 'news'].map(element);

const channels = { sms: 'Text message', voice: 'Voice call', email: 'E-mail' };

/** The messages by id, so that none is shown twice after a reconnect or a look-up. */
const messages = new Map();

/** Sorts by id. Ids are UUIDv7, so they sort by arrival, even when a test moves the clock. */
function newestFirst() {
  return [...messages.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

function codeOf({ code }) {
  const line = make('p', 'code-line');
  const copy = make('button', 'copy', 'Copy');
  copy.type = 'button';
  copy.setAttribute('aria-label', `Copy ${code}`);
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code);
    copy.textContent = 'Copied';
    copy.setAttribute('aria-label', `Copied ${code}`);
    news.textContent = `Copied ${code}`;
  });
  line.append(make('output', 'code', code), copy);
  return line;
}

function messageItem(message) {
  const about = make('p', 'about');
  const time = make('time', '', new Date(message.at).toLocaleTimeString());
  time.dateTime = message.at;
  about.append(make('span', '', `${channels[message.channel]} by ${message.provider ?? message.from}`), time);
  const shown = make('li', `message ${message.channel}`);
  shown.append(about);
  if (message.subject !== undefined) shown.append(make('p', 'subject', message.subject));
  shown.append(make('p', 'text', message.text));
  if (message.code !== null) shown.append(codeOf(message));
  return shown;
}

/** One phone or mailbox, with what it has received. */
function box(to, received) {
  const isMail = to.includes('@');
  const shown = make('section', isMail ? 'box mailbox' : 'box phone');
  shown.setAttribute('aria-label', `${isMail ? 'Mailbox' : 'Phone'} ${to}`);
  const heading = make('h2', 'number', to);
  const list = make('ol', '');
  list.append(...received.map(messageItem));
  // The list scrolls, so people must be able to reach it with the keyboard.
  list.tabIndex = 0;
  list.setAttribute('aria-label', 'Messages, newest first');
  shown.append(heading, list);
  return shown;
}

/** What is searched for: the digits of a number, or the text of an address. */
function wantedNow() {
  const text = search.value.trim().toLowerCase();
  return /[a-z@]/.test(text) ? text : text.replace(/\D/g, '');
}

function render() {
  const wanted = wantedNow();
  const byReceiver = new Map();
  for (const message of newestFirst()) {
    if (!message.to.includes(wanted)) continue;
    byReceiver.set(message.to, [...(byReceiver.get(message.to) ?? []), message]);
  }
  // The phone or mailbox that has received the newest message comes first.
  const shown = [...byReceiver].slice(0, BOXES_MAX);
  boxes.replaceChildren(...shown.map(([to, received]) => box(to, received)));
  empty.hidden = shown.length > 0;
  element('empty-title').textContent = messages.size === 0 ? 'No message yet' : 'No message for this number or address';
}

function keep(arrived) {
  for (const message of arrived) messages.set(message.id, message);
  const surplus = newestFirst().slice(SHOWN_MAX);
  for (const { id } of surplus) messages.delete(id);
}

/** Searches this page, and for a whole number or address also asks the simulator, which remembers more than this page. */
async function lookUp() {
  render();
  const wanted = wantedNow();
  const isAddress = /^[^@]+@[^@]+$/.test(wanted);
  if (!isAddress && !/^\d{7,15}$/.test(wanted)) return;
  const answer = await fetch(isAddress ? `/mailbox/${encodeURIComponent(wanted)}` : `/inbox/${wanted}`);
  if (!answer.ok || wantedNow() !== wanted) return;
  for (const message of await answer.json()) messages.set(message.id, message);
  render();
}

function connection(state, text) {
  element('connection').dataset.state = state;
  element('connection').textContent = text;
}

search.addEventListener('input', lookUp);
const events = new EventSource('/events');
events.addEventListener('open', () => connection('live', 'Live'));
events.addEventListener('error', () => connection('lost', 'Not connected, trying again'));
events.addEventListener('snapshot', ({ data }) => {
  messages.clear();
  keep(JSON.parse(data));
  render();
});
events.addEventListener('message', ({ data }) => {
  const message = JSON.parse(data);
  keep([message]);
  render();
  news.textContent = `${channels[message.channel]} to ${message.to}: ${message.text}`;
});
events.addEventListener('vendors', ({ data }) => renderVendors(element('vendors'), JSON.parse(data)));
/** Removes messages, because the phones or the mailboxes were emptied. */
function forget(isGone) {
  for (const message of [...messages.values()].filter(isGone)) messages.delete(message.id);
  render();
}
events.addEventListener('cleared', () => forget(({ channel }) => channel !== 'email'));
events.addEventListener('emptied', () => forget(({ channel }) => channel === 'email'));
