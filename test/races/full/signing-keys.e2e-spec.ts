// F29 for the signing key: rotated under load on two instances, with verifiers that obey our Cache-Control and ask no more than
// that; and rotations that race.
import type { ApiClient, TokensBody } from '../../support/api-client';
import { CachingVerifier } from '../../support/caching-verifier';
import { cliRecords, runCli } from '../../support/cli';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { runJob } from '../../support/queue';
import { keyIn, kidOf, PUBLISHED_SECONDS, untilPublished } from '../../support/signing-keys';
import { LIMITS_OFF, RACE_TIMEOUT_MS, rounds } from '../burst';

const nextPhone = phoneNumbers();
const rules = { issuer: 'https://id.test', audience: 'api', typ: 'at+jwt', algorithms: ['ES256'] };
const TOKEN_SECONDS = 600;

let system: System;

beforeAll(async () => {
  const env = { ...LIMITS_OFF, LIMIT_REFRESH_FAMILY: 'off', JWT_ISSUER: rules.issuer, JWT_AUDIENCE: rules.audience };
  system = await startSystem({ instances: 2, env });
});

afterAll(() => system.stop());

/** People whose apps refresh all the time, on both instances in turn; every token is checked by everybody while it lives. */
class Load {
  readonly failures: string[] = [];
  readonly kids = new Set<string>();
  checks = 0;
  private readonly tokens: { token: string; until: Date }[] = [];
  private running = true;
  private readonly work: Promise<unknown>;

  constructor(
    people: readonly TokensBody[],
    private readonly verifiers: readonly CachingVerifier[],
  ) {
    this.work = Promise.all(people.map((person) => this.refreshAll(person)));
  }

  /** Waits until so many checks more were made. */
  async another(checks: number): Promise<void> {
    const enough = this.checks + checks;
    await until(() => this.checks >= enough || this.failures.length > 0, `check ${enough}`, 60_000, 1);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.work;
  }

  private async refreshAll(person: TokensBody): Promise<void> {
    let refreshToken = person.refreshToken;
    for (let turn = 0; this.running; turn += 1) {
      const [signer, checker] = turn % 2 === 0 ? [system.apis[0], system.apis[1]] : [system.apis[1], system.apis[0]];
      const until = new Date(system.clock.now().getTime() + TOKEN_SECONDS * 1000);
      const { status, body } = await (signer as ApiClient).post<TokensBody>('/v1/auth/token/refresh', { refreshToken });
      if (status !== 200) return void this.failures.push(`refresh ${status}`);
      refreshToken = body.refreshToken;
      this.kids.add(kidOf(body.accessToken));
      this.tokens.push({ token: body.accessToken, until });
      const oldest = this.tokens.find((known) => known.until > system.clock.now());
      await this.check(checker as ApiClient, body.accessToken);
      if (oldest !== undefined) await this.check(checker as ApiClient, oldest.token, oldest.until);
    }
  }

  private async check(api: ApiClient, token: string, until?: Date): Promise<void> {
    const now = system.clock.now();
    const verdicts = this.verifiers.map((verifier) => verifier.verify(token, now));
    const own = api.get('/v1/users/me', { token }).then(({ status }) => (status === 200 ? 'ok' : `me ${status}`));
    for (const verdict of await Promise.all([...verdicts, own])) {
      this.checks += 1;
      // The clock may have moved past its end while it was on its way.
      if (verdict !== 'ok' && (until === undefined || system.clock.now() < until)) this.failures.push(verdict);
    }
  }
}

/** A next key that nobody has seen, an operator who wants it at once, and 26 minutes of the schedule. */
async function rotateUnder(load: Load, old: string) {
  await load.another(40); // every verifier has just fetched the keys: the worst moment for a new one
  await runCli(system.env, ['keys', 'revoke', await keyIn(system, 'next')]);
  const young = await keyIn(system, 'next');
  await untilPublished(system, young);
  const [scheduled] = await cliRecords(system.env, 'keys', 'rotate');
  let minutesWaited = 0;
  for (let minute = 1; minute <= 26 && load.failures.length === 0; minute += 1) {
    system.clock.advance(60);
    await runJob(system, 'signing_keys');
    if ((await keyIn(system, 'current')) === old) minutesWaited += 1;
    await load.another(30);
  }
  return { young, scheduled, minutesWaited };
}

describe('F29: the signing key is rotated under load', () => {
  it(
    'with zero failed verifications: the next key waits until every cache has it, the old one is accepted to the last token',
    async () => {
      const people = await Promise.all([1, 2, 3].map(() => new Person(system, nextPhone()).joined()));
      const verifiers = system.apis.map(({ url }) => new CachingVerifier(`${url}/.well-known/jwks.json`, rules));
      system.clock.advance(PUBLISHED_SECONDS + 1);
      const load = new Load(people, verifiers);
      const old = await keyIn(system, 'current');
      const rotation = await rotateUnder(load, old).finally(async () => {
        await load.stop();
        await Promise.all(verifiers.map((verifier) => verifier.stop()));
      });
      process.stdout.write(`rotation under load: ${load.checks} verifications, ${load.failures.length} failed\n`);
      expect(load.failures.slice(0, 5)).toEqual([]);
      expect(rotation.scheduled).toMatchObject({ next: rotation.young });
      expect([...load.kids]).toEqual([old, rotation.young]);
      expect(rotation.minutesWaited).toBeGreaterThanOrEqual(PUBLISHED_SECONDS / 60 - 1);
    },
    RACE_TIMEOUT_MS,
  );
});

describe('rotations that race', () => {
  const states = async (): Promise<string[]> => {
    const { rows } = await system.database.query<{ state: string }>('SELECT state FROM signing_keys ORDER BY state');
    return rows.map(({ state }) => state);
  };

  it(
    'twenty jobs on two instances, when a rotation is due, rotate once: one current, one next key',
    async () => {
      await rounds(5, async () => {
        const due = await keyIn(system, 'next');
        system.clock.advance(91 * 86_400);
        const before = await system.database.query<{ id: string }>('SELECT coalesce(max(id), 0) AS id FROM audit_log');
        await runJob(system, 'signing_keys', { times: 20 });
        expect(await keyIn(system, 'current')).toBe(due);
        expect((await states()).filter((state) => state !== 'retired')).toEqual(['current', 'next']);
        const { rows } = await system.database.query<{ event: string }>('SELECT event FROM audit_log WHERE id > $1', [
          before.rows[0]?.id,
        ]);
        expect(rows).toEqual([{ event: 'signing_key_rotated' }]);
      });
    },
    RACE_TIMEOUT_MS,
  );

  it('six operators who rotate at once rotate once: the others are told', async () => {
    system.clock.advance(PUBLISHED_SECONDS + 1);
    const due = await keyIn(system, 'next');
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => runCli(system.env, ['keys', 'rotate'])));
    expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
    for (const { code, stderr } of outcomes) {
      if (code !== 0)
        expect(stderr).toMatch(/^latchkey: (the keys were changed|the current key signs only since) [^\n]+\n$/);
    }
    expect(await keyIn(system, 'current')).toBe(due);
    expect((await states()).filter((state) => state !== 'retired')).toEqual(['current', 'next']);
  });
});
