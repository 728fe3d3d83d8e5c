// What a flow states about a challenge that it issues. message-challenges.service.ts turns it into parameters of the statement.
import type { WantedHit } from '../limits/limits.sql';
import type { Channel, Method, NewChallenge, TokenDelivery } from './otp.types';

export interface IssueRequest {
  readonly challenge: NewChallenge;
  readonly subjectId: string;
  readonly phone: string;
  /**
   * The account whose limits count the message (LIMIT_SMS_ACCOUNT), and whose cooldown refuses. Absent for anonymous purposes, whose
   * cooldown delays.
   */
  readonly accountId?: string;
  /** An operator has begun it (isByOperator): what strangers, or sign-ins, have used up does not hold it up. False by default. */
  readonly byOperator?: boolean;
  /**
   * Draws on the reserve of the number instead of the counter that strangers can use up. Allowed only after a right password, and for what an
   * operator has begun, which has a reserve of its own.
   */
  readonly reserve?: boolean;
  /** `sms` by default. */
  readonly channel?: Channel;
  /** Counters to take besides those of the number. */
  readonly alsoWanted?: readonly WantedHit[];
  /** The preferred one first; by default only the code by message. A code is sent at once only when it is the first. */
  readonly methods?: readonly Method[];
  readonly locale: string | null;
  readonly clientId: string;
  readonly deviceName: string | null;
  /** `body` by default. */
  readonly tokenDelivery?: TokenDelivery | undefined;
  /** For a step-up: the session that it renews. */
  readonly sessionId?: string;
  /** False when the caller has named the account by something other than its number; true by default. */
  readonly phoneShown?: boolean;
  /** Then the messages are counted under this key (countedBy). */
  readonly budgetKey?: string;
}
