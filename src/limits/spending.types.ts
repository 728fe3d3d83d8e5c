import type { Refusal } from './counters.sql';

/** On whose part of the budgets a message draws. Each has its own, so that an attack on one route leaves the others open (security.md 5.4). */
export type SpendShare = 'register' | 'login' | 'reset';

/** A message about to be sent. */
export interface PlannedSend {
  readonly share: SpendShare;
  /** E.164; '' where the number must not show in what is refused: then it costs as much as the dearest. */
  readonly phone: string;
  /** No account has proved this number: the message counts for its prefix and country until its code is entered. */
  readonly unproved: boolean;
  /** The client's address, whose limits count it; null when no address is to be held responsible. */
  readonly address: string | null;
}

/** closed: a prefix or country takes no strangers for a while. budget: a large part of a window is spent. */
export interface SpendAlarm {
  readonly kind: 'closed' | 'budget';
  readonly scope: string;
}

/** What every statement that takes counters returns besides its own columns. */
export interface CounterOutcome {
  readonly free: boolean;
  readonly refusal: Refusal | null;
  /** As seen by snapshot: null or in the past when a parallel request was faster. */
  readonly retryAfterSeconds: number | null;
  readonly alarms: readonly SpendAlarm[] | null;
}

/** What is left of one window: messages, or money in whole units for scopes `money:*`. */
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
  /** Such as `country:GB` or `prefix:44791112`. */
  readonly scope: string;
  /** Counted in its shortest window. */
  readonly unverified: number;
  /** Includes what entered codes have added. */
  readonly cap: number;
  /** Null while it is open. */
  readonly closedUntil: Date | null;
}
