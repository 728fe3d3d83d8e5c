// Shows the vendors: what each has received, which fault is on, and a switch for each fault. A switch stays the same element, so that it
// keeps the focus while the state around it changes.
import { make } from './make.js';

const faults = [
  { label: 'Down', fault: { kind: 'status', status: 503 } },
  { label: 'Slow', fault: { kind: 'delay', ms: 5000 } },
  { label: 'No answer', fault: { kind: 'hang' } },
  { label: 'Answer lost', fault: { kind: 'lost_answer' } },
  { label: 'Connection reset', fault: { kind: 'reset' } },
  { label: 'Garbage', fault: { kind: 'garbage' } },
  { label: 'Not delivered', fault: { kind: 'undelivered' } },
  { label: 'Receipt twice', fault: { kind: 'duplicate_receipt' } },
  { label: 'Receipt late', fault: { kind: 'late_receipt', ms: 60000 } },
];
/** The faults that the mail relay can play. */
const ofRelay = ['status', 'delay', 'hang', 'reset'];

/** The elements that change, by vendor. */
const shown = new Map();

/** The mail relay answers with a status of SMTP, not of HTTP. */
function wordedFor(provider, fault) {
  return provider === 'smtp' && fault.kind === 'status' ? { ...fault, status: 451 } : fault;
}

async function toggle(provider, fault, isOn) {
  const path = `/faults/${provider}`;
  if (isOn) await fetch(path, { method: 'DELETE' });
  else await fetch(path, { method: 'PUT', body: JSON.stringify(wordedFor(provider, fault)) });
}

function row(provider) {
  const item = make('li', 'vendor');
  const state = make('p', 'state');
  const switches = make('p', 'switches');
  const buttons = faults
    .filter(({ fault }) => provider !== 'smtp' || ofRelay.includes(fault.kind))
    .map(({ label, fault }) => {
      const button = make('button', '', label);
      button.type = 'button';
      button.addEventListener('click', () => toggle(provider, fault, button.getAttribute('aria-pressed') === 'true'));
      switches.append(button);
      return { button, kind: fault.kind };
    });
  item.append(make('h3', '', provider === 'smtp' ? 'mail relay' : provider), state, switches);
  return { item, state, buttons, isUsed: false };
}

function stateText({ requests, lastStatus, lastFault, lastAt, fault }) {
  const now = fault === null ? 'Works' : `Fault: ${fault.kind.replaceAll('_', ' ')}`;
  if (lastAt === null) return `${now}.`;
  const ended = lastFault === null ? `answered ${lastStatus}` : `met ${lastFault.replaceAll('_', ' ')}`;
  return `${now}. ${requests} requests, the last at ${new Date(lastAt).toLocaleTimeString()}: ${ended}.`;
}

/** A vendor moves to the front when it is first used. Otherwise each stays where it is, so that no switch moves while somebody points at it. */
export function renderVendors(list, states) {
  for (const vendor of states) {
    const known = shown.get(vendor.provider) ?? row(vendor.provider);
    const isFirstUse = vendor.requests > 0 && !known.isUsed;
    if (isFirstUse) list.prepend(known.item);
    else if (!shown.has(vendor.provider)) list.append(known.item);
    shown.set(vendor.provider, { ...known, isUsed: known.isUsed || isFirstUse });
    known.item.dataset.fault = vendor.fault === null ? '' : vendor.fault.kind;
    known.state.textContent = stateText(vendor);
    for (const { button, kind } of known.buttons) {
      button.setAttribute('aria-pressed', String(vendor.fault?.kind === kind));
    }
  }
}
