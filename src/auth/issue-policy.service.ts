// What every flow that issues a challenge shares: which numbers are served, whom a text names, the run of its statement with the message
// that begins then, and how a refusal of the counters is told.
import { Injectable } from '@nestjs/common';
import { PhoneConfig } from '../config/phone.config';
import { TestPhones } from '../config/test-phones';
import type { NamedStatement } from '../database/sql';
import { Outbox } from '../jobs/outbox.service';
import type { PostedJob } from '../jobs/jobs.sql';
import { limitsErrors } from '../limits/limits.errors';
import { Spending } from '../limits/spending.service';
import type { CounterOutcome } from '../limits/spending.types';
import { Challenges } from '../otp/challenges.service';
import { SendRefusals } from '../otp/send-refusals.service';
import { AppError } from '../platform/errors/app-error';
import type { PhoneNumber } from '../platform/phone/phone-number';
import { platformErrors } from '../platform/errors/platform.errors';
import { identify, type Identifier } from './login/identifier.policy';

/** What every statement that issues a challenge answers. */
export interface IssueRow extends CounterOutcome {
  readonly posted: PostedJob | null;
  readonly granted: boolean;
  readonly resendAt: Date | null;
}

@Injectable()
export class IssuePolicyService {
  constructor(
    private readonly phones: PhoneConfig,
    private readonly challenges: Challenges,
    private readonly spending: Spending,
    private readonly refusals: SendRefusals,
    private readonly testPhones: TestPhones,
    private readonly outbox: Outbox,
  ) {}

  /** @returns undefined for what is no number we send to */
  phone(text: string): PhoneNumber | undefined {
    return this.testPhones.parse(text, this.phones.countries);
  }

  /** Whom a text names, at login and when the password is forgotten. */
  identify(text: string): Identifier {
    return identify(text, (phone) => this.testPhones.parse(phone, 'all'));
  }

  /** Runs a statement that issues a challenge, and begins its message. @throws AppError overloaded, not_ready */
  async issue(bound: ReturnType<NamedStatement<object>['with']>): Promise<IssueRow> {
    const row = await this.spending.run<IssueRow>(bound, { granted: false, resendAt: null, posted: null });
    this.outbox.begin(row.posted);
    return row;
  }

  /**
   * @param phone whom a message was to go to; null where it would have gone by mail
   * @throws AppError rate_limited or sms_budget_exhausted with the seconds until the fullest counter has room again
   */
  granted(row: IssueRow, phone: string | null): { resendAt: Date | null } {
    if (row.granted) return { resendAt: row.resendAt };
    throw this.refused(row, phone);
  }

  /** After a lost race nothing is known of when there is room: at least a cooldown passes. */
  refused(row: CounterOutcome, phone: string | null): AppError {
    const { refusal, retryAfterSeconds: seconds } = row;
    this.count(row, phone);
    const retryAfterSeconds = seconds === null || seconds <= 0 ? this.challenges.cooldownSeconds : Math.ceil(seconds);
    const error = refusal === 'budget' ? limitsErrors.sms_budget_exhausted : platformErrors.rate_limited;
    return new AppError(error, { retryAfterSeconds, reason: 'counters or a parallel send' });
  }

  /** For a refusal that is not told, as a decoy is handed out instead. */
  count({ refusal }: CounterOutcome, phone: string | null): void {
    if (refusal !== null && phone !== null) this.refusals.note(phone, refusal);
  }
}
