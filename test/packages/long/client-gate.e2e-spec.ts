// @latchkey/client at the gate: it solves the puzzle by itself, passes on what a widget gives, and lets the process go on meanwhile.
import { createHash, randomBytes } from 'node:crypto';
import { type Gate, LatchkeyClient, type LatchkeyError, solvePuzzle } from '@latchkey/client';
import { captchaKeys, captchaToken } from '../../support/gate';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, phoneNumbers } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';
import { clientOf, joins } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = { CHALLENGE_GATE: 'always', CHALLENGE_GATE_DIFFICULTY: '10', ...captchaKeys };
  system = await startSystem({ instances: 2, env });
  await system.restart(1, { CHALLENGE_GATE_KIND: 'turnstile' });
});
afterAll(() => system.stop());

function atWidget(onGate?: (gate: Gate) => Promise<string>): LatchkeyClient {
  return new LatchkeyClient({ url: String(system.apis[1]?.url), ...(onGate && { onGate }) });
}

it('registers and asks for a reset behind a puzzle without the application knowing of it', async () => {
  const client = clientOf(system);
  const phone = nextPhone();
  await joins(client, system, phone);
  expect(await client.forgotPassword(phone)).toMatchObject({ purpose: 'reset' });
  expect(await client.gate('register')).toMatchObject({ kind: 'proof_of_work', difficulty: 10 });
});

it('shows the widget that is asked for, and solves the puzzle when the vendor is away after all', async () => {
  const shown: (string | undefined)[] = [];
  const client = atWidget(async ({ kind, siteKey }) => {
    shown.push(`${kind} ${siteKey}`);
    return captchaToken(system, 'turnstile');
  });
  expect(await client.register({ phone: nextPhone(), password: PASSWORD })).toMatchObject({ purpose: 'register' });
  expect(shown).toEqual(['turnstile turnstile-site']);
  await setFault(system, 'turnstile', { kind: 'garbage' });
  expect(await client.forgotPassword(nextPhone())).toMatchObject({ purpose: 'reset' });
  await clearFault(system, 'turnstile');
  expect(shown).toHaveLength(2);
});

it('says what is asked for where nobody shows a widget, and gives up on one whose tokens are no good', async () => {
  system.clock.advance(16);
  const refusal = (work: Promise<unknown>) => work.catch((error: unknown) => error as LatchkeyError);
  const silent = await refusal(atWidget().register({ phone: nextPhone(), password: PASSWORD }));
  expect(silent).toMatchObject({ code: 'gate_required', gate: { kind: 'turnstile', siteKey: 'turnstile-site' } });
  let asked = 0;
  const forged = await refusal(
    atWidget(() => Promise.resolve(`forged${(asked += 1)}`)).register({ phone: nextPhone(), password: PASSWORD }),
  );
  expect(forged).toMatchObject({ code: 'gate_required', errors: [{ pointer: '/gateToken', code: 'invalid' }] });
  expect(asked).toBe(3);
});

it('what it finds answers the puzzle, whatever its length; others get their turn, and it stops when told to', async () => {
  for (let length = 0; length < 130; length += 7) {
    const puzzle = randomBytes(length).toString('hex').slice(0, length);
    const answer = await solvePuzzle({ puzzle, difficulty: 8 });
    expect(answer.startsWith(`${puzzle}.`)).toBe(true);
    expect(createHash('sha256').update(answer).digest()[0]).toBe(0);
  }
  const stop = new AbortController();
  const endless = solvePuzzle({ puzzle: 'p', difficulty: 32 }, stop.signal);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setTimeout(resolve, 1));
  stop.abort(new Error('enough'));
  await expect(endless).rejects.toThrow('enough');
});
