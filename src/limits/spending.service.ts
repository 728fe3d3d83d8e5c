// Says what a message takes from which budget, for the statement that posts its job. Runs that statement, and handles what SQL cannot: a lost
// race, and the log lines of alarms. Keeps no state.
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.service';
import { type Statement, statement } from '../database/sql';
import type { Tx } from '../database/transactions';
import { alarmRaised } from '../platform/logging/alarm';
import { countryOf } from '../platform/phone/phone-number';
import { Random } from '../platform/random/random';
import { addressKey } from '../platform/request/client-address';
import { nothingSpent, type Refusal, type SpendParameters, spendParameters } from './counters.sql';
import { ANY_COUNTRY } from './prices';
import { SpendConfig } from './spend.config';
import { moneyWindow, spends, unverifiedBudgets } from './spend.policy';
import { charge, type WantedSpend } from './spend.sql';
import type { CounterOutcome, PlannedSend, SpendAlarm, SpendShare } from './spending.types';

/** SQLSTATE of refuse_send(): a parallel statement was faster and filled a counter. Nothing has changed then. */
const LOST_RACE = 'LK429';
const SHARD_BOUND = 32_768;
const NO_COUNTRY = 'none';

const savepoint = statement('spending_savepoint', 'SAVEPOINT spending');
const rollback = statement('spending_rollback', 'ROLLBACK TO SAVEPOINT spending');

@Injectable()
export class Spending {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly config: SpendConfig,
    private readonly database: Database,
    private readonly random: Random,
  ) {}

  /** @param send null for a message that costs nothing */
  parameters(send: PlannedSend | null): SpendParameters {
    if (send === null) return nothingSpent;
    const country = send.phone === '' ? ANY_COUNTRY : (countryOf(send.phone) ?? NO_COUNTRY);
    const address = send.address === null ? null : addressKey(send.address);
    const budgets = unverifiedBudgets(send, country, address, this.config);
    return spendParameters(budgets, spends(send, country, this.config), this.random.below(SHARD_BOUND));
  }

  /** For a message that is never refused. It counts even beyond the cap, so that less is left for others (ADR 55). */
  async charge(phone: string, share: SpendShare, now: Date): Promise<void> {
    return this.take(spends({ share, unproved: false }, countryOf(phone) ?? NO_COUNTRY, this.config), now);
  }

  /** For a message that was counted, once it is known to cost more. @param amount ten-thousandths of the currency */
  async chargeMore(amount: number, share: SpendShare, now: Date): Promise<void> {
    const money = moneyWindow(share, this.config);
    if (money !== undefined) await this.take([{ ...money, amount }], now);
  }

  private async take(wanted: readonly WantedSpend[], now: Date): Promise<void> {
    const uncapped = JSON.stringify(wanted.map((window) => ({ ...window, cap: Number.MAX_SAFE_INTEGER })));
    await this.database.run(...charge.with({ now, spends: uncapped, shard: this.random.below(SHARD_BOUND) }));
  }

  /**
   * Runs a statement that takes counters.
   * @param none the statement's own columns, for the case that it was refused in a race and has no row
   * @throws AppError overloaded or not_ready
   */
  async run<Row extends CounterOutcome>(
    [statement, values]: [Statement, unknown[]],
    none: Omit<Row, keyof CounterOutcome>,
  ): Promise<Row> {
    try {
      return this.told(statement, await this.database.run<Row>(statement, values));
    } catch (error) {
      return refusedRow<Row>(error, none);
    }
  }

  /** The same inside a transaction, which goes on after a lost race: nothing has changed then. */
  async runWithin<Row extends CounterOutcome>(
    tx: Tx,
    [statement, values]: [Statement, unknown[]],
    none: Omit<Row, keyof CounterOutcome>,
  ): Promise<Row> {
    await tx.run(savepoint, []);
    try {
      return this.told(statement, await tx.run<Row>(statement, values));
    } catch (error) {
      const refused = refusedRow<Row>(error, none);
      await tx.run(rollback, []);
      return refused;
    }
  }

  private told<Row extends CounterOutcome>({ name }: Statement, [row]: Row[]): Row {
    if (row === undefined) throw new Error(`${name} always has a row`);
    this.tell(row.alarms);
    return row;
  }

  /** Writes the log lines that monitoring looks for; the statement itself has recorded the alarms. */
  private tell(alarms: readonly SpendAlarm[] | null): void {
    for (const { kind, scope } of alarms ?? []) {
      const name = kind === 'closed' ? 'sms_guard_closed' : 'sms_budget_threshold';
      this.logger.error(alarmRaised(name, { scope }));
    }
  }
}

/** The row of a statement that lost a race. @throws any other error */
function refusedRow<Row extends CounterOutcome>(error: unknown, none: Omit<Row, keyof CounterOutcome>): Row {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== LOST_RACE) throw error;
  const refusal: Refusal = error.message === 'budget' ? 'budget' : 'limit';
  return { ...none, free: false, refusal, retryAfterSeconds: null, alarms: null } as unknown as Row;
}
