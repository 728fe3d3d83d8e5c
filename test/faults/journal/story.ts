// What the journal says about one person, put together: what must be so now, and what may be so because its answer was lost.
import type { Fact, FactKind } from './journal';

export interface StorySession {
  readonly sessionId: string;
  /** The newest that was handed out. */
  refreshToken: string;
  /** What must be, or `unsure` where the answer that would tell was lost. */
  state: 'alive' | 'ended' | 'unsure';
}

const ENDS_OTHERS: readonly FactKind[] = ['password', 'phone', 'recovery-code-used'];

export class Story {
  readonly sessions: StorySession[] = [];
  /** In order; the last one must be so, the one before where it is unsure. */
  readonly phones: { value: string; isSure: boolean }[] = [];
  readonly passwords: { value: string; isSure: boolean }[] = [];

  constructor(readonly facts: readonly Fact[]) {
    for (const fact of facts) this.take(fact);
  }

  of(kind: FactKind, outcome: Fact['outcome'] = 'acknowledged'): Fact[] {
    return this.facts.filter((fact) => fact.kind === kind && fact.outcome === outcome);
  }

  /** How often the record must and may name these. */
  bounds(...kinds: FactKind[]): { least: number; most: number } {
    const least = kinds.reduce((sum, kind) => sum + this.of(kind).length, 0);
    return { least, most: kinds.reduce((sum, kind) => sum + this.of(kind, 'unsure').length, least) };
  }

  private take(fact: Fact): void {
    const isSure = fact.outcome === 'acknowledged';
    const { kind, phone, password, sessionId, refreshToken } = fact;
    if (ENDS_OTHERS.includes(kind)) this.end(isSure, (id) => id !== sessionId);
    if (kind === 'logged-out') this.end(isSure, (id) => id === sessionId);
    if ((kind === 'registered' || kind === 'phone') && phone !== undefined) this.phones.push({ value: phone, isSure });
    if (password !== undefined) this.passwords.push({ value: password, isSure });
    const known = this.sessions.find((session) => session.sessionId === sessionId);
    if (kind === 'refreshed' && known !== undefined) {
      known.refreshToken = refreshToken ?? '';
      if (!isSure) known.state = 'unsure';
    } else if (known === undefined && sessionId !== undefined && refreshToken !== undefined) {
      this.sessions.push({ sessionId, refreshToken, state: 'alive' });
    }
  }

  private end(isSure: boolean, concerned: (id: string) => boolean): void {
    for (const session of this.sessions) {
      if (concerned(session.sessionId) && session.state !== 'ended') session.state = isSure ? 'ended' : 'unsure';
    }
  }
}

export function storiesOf(facts: readonly Fact[]): Story[] {
  const people = new Map<number, Fact[]>();
  for (const fact of facts) people.set(fact.person, [...(people.get(fact.person) ?? []), fact]);
  return [...people.values()].map((of) => new Story(of));
}
