// The journal against the API and against SQL, after the fault: what was acknowledged and is gone is lost, what is there and nobody asked
// for is a phantom, what counts twice is double. Names of what is found begin with the row of the ledger (security.md 3.1).
import type { Pool } from 'pg';
import type { System } from '../../support/instance';
import { Person } from '../../support/person';
import type { Fact, FactKind } from './journal';
import { storiesOf, type Story } from './story';

export interface Violations {
  readonly lost: string[];
  readonly phantom: string[];
  readonly double: string[];
}

interface Row {
  readonly id: string;
  readonly phone: string;
  readonly codes: number;
  readonly events: Readonly<Record<string, number>>;
}

/** Which facts each audit event stands for: as many of it as were acknowledged, and at most those whose answer was lost beside them. */
const EVENTS: readonly (readonly [event: string, ...facts: FactKind[]])[] = [
  ['user_created', 'registered'],
  ['session_created', 'registered', 'signed-in', 'recovery-code-used'],
  ['session_renewed', 'refreshed'],
  ['authn_password_change', 'password'],
  ['phone_change_completed', 'phone'],
  ['recovery_generated', 'recovery-codes'],
  ['recovery_used', 'recovery-code-used'],
  ['session_logout', 'logged-out'],
];

const TOGETHER = 8;

/** Of the people of these facts. The instances run, the queue is empty. Asks the API as a stranger would: look at the rules first. */
export async function compared(facts: readonly Fact[], system: System, database: Pool): Promise<Violations> {
  const found: Violations = { lost: [], phantom: [], double: [] };
  const waiting = storiesOf(facts);
  const some = async (): Promise<void> => {
    for (let story = waiting.pop(); story !== undefined; story = waiting.pop()) {
      await new Comparison(story, system, database, found).run();
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, some));
  return found;
}

class Comparison {
  constructor(
    private readonly story: Story,
    private readonly system: System,
    private readonly database: Pool,
    private readonly found: Violations,
  ) {}

  async run(): Promise<void> {
    const rows = await this.rows();
    const { least, most } = this.story.bounds('registered');
    if (rows.length < least) this.say('lost', 'N1 an account', this.story.phones);
    if (rows.length > 1) this.say('double', 'N1, N8 an account', rows);
    else if (rows.length > most) this.say('phantom', 'N1 an account', rows);
    await this.challenges();
    const [user] = rows;
    if (user === undefined) return;
    this.record(user);
    this.factors(user);
    await this.tokens();
    await this.credentials(user);
  }

  private say(kind: keyof Violations, what: string, detail: unknown): void {
    this.found[kind].push(
      `${what}: ${JSON.stringify(detail)} (${this.story.facts.map(({ kind: of, outcome }) => `${of} ${outcome}`).join(', ')})`,
    );
  }

  /** Accounts by any number that this person has had or asked for. */
  private async rows(): Promise<Row[]> {
    const phones = this.story.facts.flatMap(({ phone }) => (phone === undefined ? [] : [phone]));
    const { rows } = await this.database.query<Row>(
      `SELECT u.id, u.phone, u.recovery_codes_left AS codes, coalesce((SELECT json_object_agg(event, n) FROM (
          SELECT a.event, count(*)::int AS n FROM audit_log a WHERE a.user_id = u.id GROUP BY a.event) e), '{}') AS events
         FROM users u WHERE u.phone = ANY ($1::text[])`,
      [phones],
    );
    return rows;
  }

  /** N11, and N1 to N9 as often as they are on record. */
  private record({ events }: Row): void {
    for (const [event, ...kinds] of EVENTS) {
      const { least, most } = this.story.bounds(...kinds);
      const count = events[event] ?? 0;
      if (count < least) this.say('lost', `N11 ${event}`, { count, least });
      if (count > most) this.say(count > 2 * most ? 'double' : 'phantom', `N11 ${event}`, { count, most });
    }
  }

  /** N9: the set that was shown, less what was used of it. */
  private factors({ codes }: Row): void {
    const [made, used] = [this.story.bounds('recovery-codes'), this.story.bounds('recovery-code-used')];
    if (codes < 10 * made.least - used.most) this.say('lost', 'N9 recovery codes', { codes });
    if (codes > 10 * made.most - used.least) this.say('phantom', 'N9 recovery codes', { codes });
  }

  /** N5, N6, N10: what became of the codes. */
  private async challenges(): Promise<void> {
    for (const { challengeToken } of this.story.of('queued')) {
      if (challengeToken === undefined) continue;
      const wrong = this.story.of('wrong-code').filter((fact) => fact.challengeToken === challengeToken).length;
      const { delivery, state, attemptsLeft } = await new Person(this.system, '').status(challengeToken);
      if (state === 'pending' && delivery === 'queued') this.say('lost', 'N10 a message', { state, delivery });
      if (attemptsLeft > 5 - wrong) this.say('lost', 'N6 a wrong code', { attemptsLeft, wrong });
    }
    for (const { kind, challengeToken, code, outcome } of this.story.facts) {
      if (challengeToken === undefined || code === undefined || outcome === 'unsure') continue;
      const method = kind === 'recovery-code-used' ? 'recovery_code' : 'sms';
      const again = await this.system.api.post('/v1/auth/otp/verify', { challengeToken, code, method });
      if (again.status !== 401) this.say('double', 'N5 a code', { status: again.status });
    }
  }

  /** N3 and N4: each session as it was left. */
  private async tokens(): Promise<void> {
    for (const { refreshToken, state, sessionId } of this.story.sessions) {
      if (state === 'unsure') continue;
      const { status, text } = await this.system.api.post('/v1/auth/token/refresh', { refreshToken });
      if (state === 'alive' && status !== 200) this.say('lost', 'N3 a session', { sessionId, status, text });
      if (state === 'ended' && status === 200) this.say('phantom', 'N4 a session', { sessionId });
    }
  }

  /** N2 and N8: one number and one password open the account, those that were last told. */
  private async credentials({ phone }: Row): Promise<void> {
    const { phones, passwords } = this.story;
    const sure = phones.findLast(({ isSure }) => isSure)?.value;
    const isLastSure = phones.at(-1)?.isSure === true;
    if (isLastSure && phone !== sure) this.say('lost', 'N8 a number', { phone, sure });
    const opening: boolean[] = [];
    for (const { value } of passwords) {
      const body = { identifier: phone, password: value };
      const { status } = await this.system.api.post('/v1/auth/login', body);
      opening.push(status === 200 || status === 429);
    }
    const open = opening.filter(Boolean).length;
    if (open === 0) this.say('lost', 'N2 a password', passwords);
    if (open > 1) this.say('double', 'N2 a password', passwords);
    if (open === 1 && passwords.at(-1)?.isSure === true && opening.at(-1) !== true)
      this.say('lost', 'N2 a password', passwords);
  }
}
