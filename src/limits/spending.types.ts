import type { Refusal } from './counters.sql';

/** Whose budget a message is paid from, so that an attack on one door leaves the others open (security.md 5.4). */
export type SpendShare = 'register' | 'login' | 'reset';

/** A message about to be sent. */
export interface PlannedSend {
  readonly share: SpendShare;
  /** E.164. */
  readonly phone: string;
  /** Nobody has proved this number on an account: it is held against its prefix and country until the code is entered. */
  readonly unproved: boolean;
  /** Of the client that answers for it; null where none does. */
  readonly address: string | null;
}

/** closed: a prefix or country takes no strangers for a while; budget: so much of a window is spent. */
export interface SpendAlarm {
  readonly kind: 'closed' | 'budget';
  readonly scope: string;
}

/** What every statement with counters tells besides its own. */
export interface CounterOutcome {
  readonly free: boolean;
  readonly refusal: Refusal | null;
  /** By snapshot; null or past when a parallel request was faster. */
  readonly retryAfterSeconds: number | null;
  readonly alarms: readonly SpendAlarm[] | null;
}

/** What is left of one window: messages, or money for scopes `money:*`. */
export interface BudgetLeft {
  /** `register`, `login`, `reset`, `money:register`, `country:GB`. */
  readonly scope: string;
  /** Length of the window. */
  readonly seconds: number;
  readonly cap: number;
  readonly spent: number;
  readonly left: number;
  readonly resetsAt: Date;
}

export interface UnverifiedLeft {
  /** `country:GB`, `prefix:44791112`. */
  readonly scope: string;
  /** In its first window. */
  readonly unverified: number;
  /** What was earned by codes that were entered included. */
  readonly cap: number;
  /** Null while it is open. */
  readonly closedUntil: Date | null;
}
