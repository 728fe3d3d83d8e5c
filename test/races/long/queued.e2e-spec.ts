// F12: many sends queued at once on two instances, each sent once, whatever the vendors do. `npm run test:races` queues a thousand.
// F11: a send whose time was up before a worker came to it is not sent, and its status says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/patience';
import { idle } from '../../support/queue';
import { startSystem, type System } from '../../support/instance';
import { type ChallengeAnswer, PASSWORD, Person, phoneNumbers } from '../../support/person';
import { setFault } from '../../support/simulator-control';
import { burst, LIMITS_OFF, numberOf, RACE_TIMEOUT_MS } from '../burst';

const QUEUED = process.env['RACE_ROUNDS'] === undefined ? 150 : 1000;
/** Cooldown of a number: the queue holds a second registration back for as long. */
const COOLDOWN_SECONDS = 2;
/** Two cores hash two passwords at a time at each instance, and let eight wait. */
const AT_A_TIME = 40;

describe('sends in the queue of two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const env = { ...LIMITS_OFF, OTP_RESEND_SECONDS: `${COOLDOWN_SECONDS},60,120` };
    system = await startSystem({ instances: 2, provider: 'telnyx,twilio', env });
  });

  afterAll(() => system.stop());

  /** A registration for each, so many at a time that neither pool turns most of them away; who is turned away comes again when told to. */
  async function queued(phones: readonly string[]): Promise<ChallengeAnswer[]> {
    const left = [...phones];
    const answers: ChallengeAnswer[] = [];
    await burst(system, AT_A_TIME, async (api) => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const person = new Person(system, next, PASSWORD, api);
        const taken = async (): Promise<ChallengeAnswer | false> => {
          const answer = await person.register();
          if (answer.status !== 503) return answer;
          await sleep(1000 * Number(answer.headers.get('retry-after') ?? 1));
          return false;
        };
        answers.push(await until(taken, 'an answer but 503', 120_000, 1));
      }
    });
    return answers;
  }

  it(
    `F12: ${QUEUED} queued sends are ${QUEUED} messages, one each, through a vendor that is slow and one that goes down`,
    async () => {
      const phones = Array.from({ length: QUEUED }, nextPhone);
      await setFault(system, 'telnyx', { kind: 'delay', ms: 1000 });
      const answers = await queued(phones);
      expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
      await setFault(system, 'telnyx', { kind: 'status', status: 503 });
      await idle(system, 120_000);

      const inboxes = await Promise.all(phones.map((phone) => system.phone.messages(phone)));
      expect(inboxes.filter((inbox) => inbox.length !== 1)).toEqual([]);
      expect(new Set(inboxes.map(([message]) => message?.provider))).toEqual(new Set(['telnyx', 'twilio']));
      const sent = `SELECT count(*)::int AS n FROM sms_deliveries WHERE status = 'sent'`;
      expect(await numberOf(system, sent)).toBe(QUEUED);
    },
    RACE_TIMEOUT_MS,
  );

  it('F11: what expired in the queue is not sent, and its status is failed', async () => {
    const phone = nextPhone();
    const first = await new Person(system, phone).challenged('register');
    const late = new Person(system, phone, 'another-password-77');
    const { status, body } = await late.register(); // its turn is in two seconds
    expect(status).toBe(202);
    const before = (await system.phone.messages(phone)).length;
    system.clock.advance(301);
    const ended = await late.statusWhen(body.challengeToken, ({ delivery }) => delivery !== 'queued');
    expect(ended).toMatchObject({ state: 'expired', delivery: 'failed', next: ['restart'] });
    expect((await system.phone.messages(phone)).length).toBe(before);
    expect((await late.status(first.token)).delivery).toBe('sent');
  });
});
