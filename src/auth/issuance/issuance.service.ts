// Issues a challenge: runs the statement of a flow, begins the message that the statement posts, and turns refusals of counters into errors. The
// parameters of that statement are made by message-challenges.service.ts and email-challenges.service.ts.
import { Injectable } from '@nestjs/common';
import type { NamedStatement } from '../../database/sql';
import { Outbox } from '../../jobs/outbox.service';
import type { PostedJob } from '../../jobs/jobs.sql';
import { limitsErrors } from '../../limits/limits.errors';
import { Spending } from '../../limits/spending.service';
import type { CounterOutcome } from '../../limits/spending.types';
import { Challenges } from '../../otp/challenges.service';
import { SendRefusals } from '../../otp/send-refusals.service';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';

/** What every statement that issues a challenge returns. */
export interface IssueRow extends CounterOutcome {
  readonly posted: PostedJob | null;
  readonly granted: boolean;
  readonly resendAt: Date | null;
}

/** Describes an issued challenge. */
export interface Issued {
  readonly resendAt: Date | null;
}

type Bound = ReturnType<NamedStatement<object>['with']>;

@Injectable()
export class Issuance {
  constructor(
    private readonly challenges: Challenges,
    private readonly spending: Spending,
    private readonly refusals: SendRefusals,
    private readonly outbox: Outbox,
  ) {}

  /** @param phone as in `demandGranted`. @throws AppError as that, and overloaded, not_ready */
  async issue(bound: Bound, phone: string | null): Promise<Issued> {
    return this.demandGranted(await this.tryToIssue(bound), phone);
  }

  /** For flows that have an alternative when the counters refuse: the row says whether they did. @throws AppError overloaded, not_ready */
  async tryToIssue(bound: Bound): Promise<IssueRow> {
    const row = await this.spending.run<IssueRow>(bound, notIssued);
    this.outbox.begin(row.posted);
    return row;
  }

  /**
   * For somebody who has proved the password, or whom an operator helps: what strangers have used up of the number's counters must not keep
   * its owner out (A65).
   * @param bind makes the statement, with or without the reserve. @throws as tryToIssue
   */
  async tryWithReserve(bind: (reserve: boolean) => Bound): Promise<IssueRow> {
    return withReserve((reserve) => this.tryToIssue(bind(reserve)));
  }

  /**
   * @param phone the number that a message was to go to; null when the code was to be mailed
   * @throws AppError rate_limited or sms_budget_exhausted, with the seconds until the fullest counter has room again
   */
  demandGranted(row: IssueRow, phone: string | null): Issued {
    if (row.granted) return { resendAt: row.resendAt };
    throw this.refusal(row, phone);
  }

  /** After a lost race it is not known when there will be room. Then it names the cooldown, which is the least. */
  refusal(row: CounterOutcome, phone: string | null): AppError {
    const { refusal, retryAfterSeconds: seconds } = row;
    this.countRefusal(row, phone);
    const retryAfterSeconds = seconds === null || seconds <= 0 ? this.challenges.cooldownSeconds : Math.ceil(seconds);
    const error = refusal === 'budget' ? limitsErrors.sms_budget_exhausted : platformErrors.rate_limited;
    return new AppError(error, { retryAfterSeconds, reason: 'counters or a parallel send' });
  }

  /** Counts a refusal in the metrics. Called directly when the refusal is not told, because the client gets a decoy instead. */
  countRefusal({ refusal }: CounterOutcome, phone: string | null): void {
    if (refusal !== null && phone !== null) this.refusals.note(phone, refusal);
  }
}

/** What a statement that was refused in a race has of its own columns. */
export const notIssued = { granted: false, resendAt: null, posted: null };

/** Tries without the number's reserve first; with it when counters that strangers can use up have refused, which has written nothing. */
export async function withReserve(attempt: (reserve: boolean) => Promise<IssueRow>): Promise<IssueRow> {
  const first = await attempt(false);
  return first.granted || first.refusal === 'budget' ? first : attempt(true);
}
