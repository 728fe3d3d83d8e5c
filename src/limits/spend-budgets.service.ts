// How much is left of each budget of messages, for the operator's command `sms budget`. Reads by snapshot and changes nothing.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { Clock } from '../platform/clock/clock';
import { PER_UNIT } from './prices';
import type { WantedSpend } from './spend.sql';
import { SpendConfig } from './spend.config';
import { countryBudget, countryWindows, moneyWindow, prefixBudget, shareWindows } from './spend.policy';
import type { BudgetLeft, SpendShare, UnverifiedLeft } from './spending.types';
import type { WantedUnverified } from './unverified.types';

const shares: readonly SpendShare[] = ['register', 'login', 'reset'];

const spentNow = statement(
  'spend_now',
  `SELECT scope, window_start AS "windowStart", sum(n)::float8 AS n FROM spend_windows
    WHERE window_start > $1::timestamptz - interval '7 days' AND window_start <= $1::timestamptz GROUP BY scope, window_start`,
);
const unverifiedNow = statement(
  'unverified_now',
  `SELECT u.key AS scope,
          t.left_open AS unverified,
          t.room AS cap, t.shut_until AS "closedUntil"
     FROM unverified_sends u, LATERAL take_unverified(u, $2::timestamptz, NULL, NULL, $3::int[], $4::int[], $5::float8, $6::int, true, $7::boolean) t
    WHERE u.key LIKE $1 AND u.touched_at > $2::timestamptz - interval '1 day' ORDER BY u.key`,
);

interface SpentRow {
  readonly scope: string;
  readonly windowStart: Date;
  readonly n: number;
}

@Injectable()
export class SpendBudgets {
  constructor(
    private readonly config: SpendConfig,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The current windows of each share, of money where it has a cap, and of every country that messages went to. */
  async windows(): Promise<BudgetLeft[]> {
    const now = this.clock.now();
    const rows = await this.database.run<SpentRow>(spentNow, [now]);
    const countries = new Set(rows.flatMap(({ scope }) => /^country:(\w+)\//.exec(scope)?.[1] ?? []));
    const wanted = [
      ...shares.flatMap((share) => shareWindows(share, this.config)),
      ...shares.flatMap((share) => moneyWindow(share, this.config) ?? []),
      ...[...countries].sort().flatMap((country) => countryWindows(country, this.config)),
    ];
    return wanted.map((window) => budgetLeft(window, rows, now));
  }

  /** Countries and prefixes with messages whose codes were not entered, and until when those are closed to strangers. */
  async unverified(): Promise<UnverifiedLeft[]> {
    const countries = this.unverifiedOf('country:%', countryBudget('', this.config));
    const prefixes = this.unverifiedOf('prefix:%', prefixBudget('', this.config));
    return [...(await countries), ...(await prefixes)];
  }

  private async unverifiedOf(pattern: string, wanted: WantedUnverified): Promise<UnverifiedLeft[]> {
    const { counts, seconds, share, most, trickles } = wanted;
    if (counts.length === 0) return [];
    return this.database.run<UnverifiedLeft>(unverifiedNow, [
      pattern,
      this.clock.now(),
      counts,
      seconds,
      share,
      most,
      trickles,
    ]);
  }
}

function budgetLeft({ scope, cap, seconds }: WantedSpend, rows: readonly SpentRow[], now: Date): BudgetLeft {
  const start = Math.floor(now.getTime() / 1000 / seconds) * seconds * 1000;
  const spent = rows.find((row) => row.scope === scope && row.windowStart.getTime() === start)?.n ?? 0;
  const unit = scope.startsWith('money:') ? PER_UNIT : 1;
  return {
    scope: scope.split('/')[0] ?? scope,
    seconds,
    cap: cap / unit,
    spent: spent / unit,
    left: Math.max(0, cap - spent) / unit,
    resetsAt: new Date(start + seconds * 1000),
  };
}
