// Shows the messages of GET /events, newest first. Everything from a message is set as text, never as markup.
const SHOWN_MAX = 500;
const element = (id) => document.getElementById(id);
const [list, phones, search, empty] = ['messages', 'phones', 'search', 'empty'].map(element);

const channels = { sms: 'text message', voice: 'voice call', email: 'e-mail' };

/** By id, so that a reconnect or a look-up never shows a message twice. */
const messages = new Map();

/** By id: ids are UUIDv7 and sort by arrival, which a moved clock does not change. */
function newestFirst() {
  return [...messages.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

function make(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function item(message) {
  const about = make('div', 'about', '');
  const time = make('time', '', new Date(message.at).toLocaleTimeString());
  time.dateTime = message.at;
  const by = message.provider ?? message.from;
  about.append(make('span', 'number', message.to), make('span', '', `${channels[message.channel]} by ${by}`), time);
  const shown = make('li', '', '');
  shown.append(about);
  if (message.subject !== undefined) shown.append(make('p', 'subject', message.subject));
  shown.append(make('p', 'text', message.text));
  if (message.code !== null) shown.append(make('output', 'code', message.code));
  return shown;
}

function phoneButton(number, count, wanted) {
  const button = make('button', '', `${number} (${count})`);
  const pressed = wanted !== '' && (number === wanted || number.slice(1) === wanted);
  button.type = 'button';
  button.setAttribute('aria-pressed', String(pressed));
  button.addEventListener('click', () => {
    search.value = pressed ? '' : number;
    render();
  });
  return button;
}

/** Of a number its digits, of an address the text. */
function wantedNow() {
  const text = search.value.trim().toLowerCase();
  return /[a-z@]/.test(text) ? text : text.replace(/\D/g, '');
}

function render() {
  const wanted = wantedNow();
  const all = newestFirst();
  const counts = new Map();
  for (const { to } of all) counts.set(to, (counts.get(to) ?? 0) + 1);
  phones.hidden = counts.size === 0;
  phones.replaceChildren(...[...counts].map(([number, count]) => phoneButton(number, count, wanted)));
  const found = all.filter(({ to }) => to.includes(wanted)).slice(0, SHOWN_MAX);
  list.replaceChildren(...found.map(item));
  empty.hidden = found.length > 0;
  element('empty-title').textContent = all.length === 0 ? 'No message yet' : 'No message for this number or address';
}

function keep(arrived) {
  for (const message of arrived) messages.set(message.id, message);
  const surplus = newestFirst().slice(SHOWN_MAX);
  for (const { id } of surplus) messages.delete(id);
}

/** A whole number or address is also asked of the simulator, which remembers more than this page. */
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
  keep([JSON.parse(data)]);
  render();
});
/** The phones, or the mailboxes, were emptied. */
function forget(isGone) {
  for (const message of [...messages.values()].filter(isGone)) messages.delete(message.id);
  render();
}
events.addEventListener('cleared', () => forget(({ channel }) => channel !== 'email'));
events.addEventListener('emptied', () => forget(({ channel }) => channel === 'email'));
