// F13: what a second vendor would be given ten seconds after the first, who may have sent it, is asked for anew by then. The wait is the product's own.
import { askReset, changePassword } from '../../support/credentials';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { newcomer } from '../../support/person';
import { requestsTo, setFault } from '../../support/simulator-control';

const [FIRST, SECOND] = ['telnyx', 'twilio'];
let system: System;

beforeAll(async () => {
  system = await startSystem({ provider: `${FIRST},${SECOND}` });
});
afterAll(() => system.stop());

it('F13: a reset whose account has changed meanwhile is followed by no second message: its code is good for nothing', async () => {
  const { person, tokens } = await newcomer(system, '+14152001100');
  const before = await system.phone.newest(person.phone);
  await setFault(system, FIRST, { kind: 'lost_answer', count: 1 });
  expect((await askReset(system.api, person.phone)).status).toBe(202);
  await system.phone.messageFor(person.phone, { after: before });
  expect((await changePassword(system.api, tokens.accessToken, person.password)).status).toBe(204);
  const newest = async () => (await handOversTo(system, person.phone)).at(-1);
  await until(async () => (await newest())?.status !== 'queued', 'the end of the send', 45_000, 50);
  expect(await newest()).toEqual({ provider: FIRST, status: 'failed', kind: 'expired' });
  expect(await requestsTo(system, SECOND, 'POST')).toEqual([]);
});
