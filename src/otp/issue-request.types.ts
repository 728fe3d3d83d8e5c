// What a flow says about a challenge that it issues. message-challenges.service.ts makes the parameters of the statement from it.
import type { WantedHit } from '../limits/limits.sql';
import type { Channel, Method, NewChallenge, TokenDelivery } from './otp.types';

export interface IssueRequest {
  readonly challenge: NewChallenge;
  readonly subjectId: string;
  readonly phone: string;
  /** The account that pays (LIMIT_SMS_ACCOUNT) and whose cooldown refuses; absent for anonymous purposes, whose cooldown delays. */
  readonly accountId?: string;
  /** Takes from the reserve of the number, and not from the counter that strangers can use up. Only after a right password. */
  readonly reserve?: boolean;
  /** `sms` unless told. */
  readonly channel?: Channel;
  /** Counters to take beside those of the number. */
  readonly alsoWanted?: readonly WantedHit[];
  /** In order of preference; the code by message alone unless told. Only when that comes first is it sent at once. */
  readonly methods?: readonly Method[];
  readonly locale: string | null;
  readonly clientId: string;
  readonly deviceName: string | null;
  /** `body` unless told. */
  readonly tokenDelivery?: TokenDelivery | undefined;
  /** Of a step-up: the session it renews. */
  readonly sessionId?: string;
  /** False where the caller named the account without its number; true unless told. */
  readonly phoneShown?: boolean;
  /** In that case the key under which the messages are counted (countedBy). */
  readonly budgetKey?: string;
}
