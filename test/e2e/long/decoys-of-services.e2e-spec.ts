// With verification services only, a decoy has no vendor to ask, and still answers as that vendor's real challenges do
// (A55, design section 2), once this process has seen one of those refused.
import { askReset, changePassword, NEW_PASSWORD, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';
import { beingJudged } from '../../support/verifications';

/** From then on codes of the newest challenge are the service's to judge. @param column `vendor_ref`: and it can */
async function serviceNamed(system: System, phone: string, column = 'verifier'): Promise<void> {
  const named = `SELECT FROM otp_attempts WHERE phone = $1 AND consumed_at IS NULL AND ${column} IS NOT NULL`;
  await until(async () => (await system.database.query(named, [phone])).rowCount === 1, `the service's name`);
}

describe.each(['sinch-verification', 'infobip-2fa', 'twilio-verify', 'vonage-verify'])(
  'a decoy where %s makes the codes',
  (provider) => {
    const nextPhone = phoneNumbers();
    let system: System;

    beforeAll(async () => {
      system = await startSystem({ provider });
    });

    afterAll(() => system.stop());

    it.each(['4821', '482193'])(
      'A55: a wrong code (%s) is answered as for a free number, and so is all that follows',
      async (guess) => {
        const owner = new Person(system, nextPhone());
        await owner.joined();
        const decoy = new Person(system, owner.phone, 'another-password-77');
        const real = new Person(system, nextPhone());
        const seen: unknown[][] = [];
        for (const person of [real, decoy]) {
          const answer = await person.register();
          const { challengeToken: token } = answer.body;
          const steps: unknown[] = [answer.status, Object.keys(answer.body), answer.body.codeLength];
          const show = async () => {
            const status = await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
            const { state, delivery, next, attemptsLeft, resendAfter, channel, codesVoidBefore } = status;
            steps.push([state, delivery, next, attemptsLeft, resendAfter === 0, channel, codesVoidBefore === null]);
          };
          await show();
          for (const wrong of wrongCodes(guess, 2)) {
            const { status, body } = await person.verify(token, wrong);
            steps.push([status, body.code, body.attemptsLeft]);
            await show();
          }
          system.clock.advance(30);
          steps.push((await person.resend(token, 'voice')).status);
          await show();
          for (const wrong of wrongCodes(guess, 5)) {
            const { status, body } = await person.verify(token, wrong);
            steps.push([status, body.code, body.attemptsLeft]);
          }
          await show();
          seen.push(steps);
        }
        expect(seen[1]).toEqual(seen[0]);
        // Its owner would be told, if anything here carried a text of ours: the record says that nothing did.
        const dropped = `SELECT DISTINCT reason FROM audit_log WHERE event = 'notice_dropped'`;
        expect((await system.database.query(dropped)).rows).toEqual([
          { reason: expect.stringContaining('no message sender') as string },
        ]);
        expect((await owner.login()).status).toBe(200);
      },
    );

    it('A55: a guess before the service has answered is answered after it, as for a free number', async () => {
      const owner = new Person(system, nextPhone());
      await owner.joined();
      system.clock.advance(86_400);
      await setFault(system, provider, { kind: 'delay', ms: 1200, count: 1 });
      const guessed: Promise<string>[] = [];
      for (const phone of [nextPhone(), owner.phone]) {
        const person = new Person(system, phone, 'another-password-77');
        const { challengeToken: token } = (await person.register()).body;
        await serviceNamed(system, phone);
        guessed.push(person.verify(token, '482193').then(async () => (await person.status(token)).delivery));
      }
      expect(await Promise.all(guessed)).not.toContain('queued');
    });

    /** A stranger does the same at a free number and at a taken one, a day apart. */
    async function atFreeAndTaken(steps: (stranger: Person) => Promise<unknown[]>): Promise<unknown[][]> {
      const owner = new Person(system, nextPhone());
      await owner.joined();
      const seen: unknown[][] = [];
      for (const phone of [nextPhone(), owner.phone]) {
        system.clock.advance(86_400);
        seen.push(await steps(new Person(system, phone, 'another-password-77')));
      }
      return seen;
    }

    /** @returns one more challenge, once its code is on the way and so much later */
    async function registered(person: Person, seconds: number): Promise<string> {
      const token = (await person.register()).body.challengeToken;
      await person.statusWhen(token, ({ delivery }) => delivery !== 'queued');
      system.clock.advance(seconds);
      return token;
    }

    async function guessed(person: Person, token: string, guess: string): Promise<string> {
      const { status, body } = await person.verify(token, guess);
      const { state, delivery, next, attemptsLeft } = await person.status(token);
      return [status, body.code, state, delivery, next, attemptsLeft].join(' ');
    }

    it('A55: two challenges of one number end each other as they do for a free number', async () => {
      const [free, taken] = await atFreeAndTaken(async (person) => {
        const tokens = [await registered(person, 31), await registered(person, 31)];
        const steps: string[] = [];
        for (const token of tokens) {
          for (const guess of wrongCodes('482193', 5)) steps.push(await guessed(person, token, guess));
        }
        return steps;
      });
      expect(taken).toEqual(free);
    });

    it('A55: what two challenges of one number share ends in its time as it does for a free number', async () => {
      const [free, taken] = await atFreeAndTaken(async (person) => {
        // A service may have begun one verification for both: it is older than the second challenge.
        await registered(person, 310);
        return [await guessed(person, await registered(person, 295), '482193')];
      });
      expect(taken).toEqual(free);
    });

    it('A55: a resend that fails after a verification has ended leaves none behind, as for a free number', async () => {
      const owner = new Person(system, nextPhone());
      await owner.joined();
      system.clock.advance(86_400);
      const strangers = [nextPhone(), owner.phone].map((phone) => new Person(system, phone, 'another-password-77'));
      const steps: string[][] = [[], []];
      const tokens: string[] = [];
      for (const [at, person] of strangers.entries()) {
        const [first, token] = [await registered(person, 31), await registered(person, 31)];
        for (const guess of wrongCodes('482193', 5)) steps[at]?.push(await guessed(person, first, guess));
        for (const guess of wrongCodes('482193', 3)) steps[at]?.push(await guessed(person, token, guess));
        tokens.push(token);
      }
      await setFault(system, provider, { kind: 'status', status: 400 });
      for (const [at, person] of strangers.entries()) {
        expect((await person.resend(tokens[at] ?? '')).status).toBe(202);
        await person.statusWhen(tokens[at] ?? '', ({ delivery }) => delivery !== 'queued');
      }
      await clearFault(system, provider);
      for (const [at, person] of strangers.entries())
        for (const guess of wrongCodes('193482', 2)) steps[at]?.push(await guessed(person, tokens[at] ?? '', guess));
      expect(steps[1]).toEqual(steps[0]);
    });

    it('A55: a reset whose account has changed its password meanwhile is answered as that of a number without one', async () => {
      const owner = new Person(system, nextPhone());
      const { accessToken } = await owner.joined();
      const seen: unknown[][] = [];
      for (const phone of [nextPhone(), owner.phone]) {
        const token = (await askReset(system.api, phone)).body.challengeToken;
        await serviceNamed(system, phone, 'vendor_ref');
        if (phone === owner.phone) await changePassword(system.api, accessToken, owner.password);
        const steps: unknown[] = [];
        for (const guess of wrongCodes('482193', 5)) {
          const { status, body } = await resetAt(system.api, token, guess);
          const { state, delivery, next, attemptsLeft } = await owner.status(token);
          steps.push([status, body.code, state, delivery, next, attemptsLeft].join(' '));
        }
        seen.push(steps);
      }
      expect(seen[1]).toEqual(seen[0]);
      expect((await new Person(system, owner.phone, NEW_PASSWORD).login()).status).toBe(200);
    });

    it('A55: a clock that is set forward while the service is asked does not keep decoys waiting', async () => {
      await system.restart(0); // one that has seen no other refusal
      const owner = new Person(system, nextPhone());
      await owner.joined();
      system.clock.advance(86_400);
      const [free, taken] = [nextPhone(), owner.phone].map((phone) => new Person(system, phone, 'another-password-77'));
      const tokens = [await registered(free!, 31), await registered(taken!, 31)] as const;
      await setFault(system, provider, { kind: 'delay', ms: 500, count: 1 });
      const refused = free!.verify(tokens[0], '482193');
      await beingJudged(free!, tokens[0]);
      system.clock.advance(9);
      expect((await refused).status).toBe(401);
      const began = performance.now();
      expect((await taken!.verify(tokens[1], '482193')).status).toBe(401);
      expect(performance.now() - began).toBeLessThan(9000);
    });

    it('that the owner could not be told of strangers is on record once a day', async () => {
      const owner = new Person(system, nextPhone());
      await owner.joined();
      system.clock.advance(86_400);
      const sql = `SELECT count(*)::int AS n FROM audit_log WHERE event = 'notice_dropped'`;
      const dropped = async () => (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
      const before = await dropped();
      for (let n = 0; n < 2; n += 1) await registered(new Person(system, owner.phone, 'another-password-77'), 31);
      expect((await dropped()) - before).toBe(1);
    });

    it('A55: while it refuses to send, a guess is answered as for a free number', async () => {
      const owner = new Person(system, nextPhone());
      await owner.joined();
      system.clock.advance(86_400); // decoys go by the latest sends
      await setFault(system, provider, { kind: 'status', status: 400 });
      const seen: unknown[][] = [];
      for (const phone of [nextPhone(), owner.phone]) {
        const person = new Person(system, phone, 'another-password-77');
        const steps: unknown[] = [];
        const { challengeToken: token } = (await person.register()).body;
        for (const guess of wrongCodes('482193', 2)) {
          const { state, delivery, next } = await person.statusWhen(token, (status) => status.delivery !== 'queued');
          const { status, body } = await person.verify(token, guess);
          steps.push([state, delivery, next, status, body.code, body.attemptsLeft]);
        }
        seen.push(steps);
      }
      await clearFault(system, provider);
      expect(seen[0]?.[0]).toContain('failed');
      expect(seen[1]).toEqual(seen[0]);
    });
  },
);
