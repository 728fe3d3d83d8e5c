// Messages that the counters refused, for operators: how many per five minutes, country and kind. A refusal itself writes nothing, so that
// nobody can make us write by being refused. This process counts, and a beat adds its counts to the table, one row per country and kind. A
// process that is killed loses the counts of its last seconds. That is acceptable, because nothing is decided by them.
import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { JobRegistry } from '../jobs/job-registry.service';
import type { Refusal } from '../limits/counters.sql';
import { Clock } from '../platform/clock/clock';
import { countryOf } from '../platform/phone/phone-number';
import { DeliveryStats } from '../sms/deliveries/delivery-stats.service';
import type { Period, Series } from '../sms/deliveries/delivery-stats.types';
import type { RefusalStep } from './send-refusals.types';

const BEAT_SECONDS = 5;
const STEP_MILLISECONDS = 300_000;
/** How many rows may wait while the database is away: four hours of all countries there are. Beyond that nothing is counted. */
const WAITING_MAX = 20_000;
/** For a number that belongs to no country, and for a text that stands in for a number. */
const NO_COUNTRY = 'none';

const add = statement(
  'sms_refusals_add',
  `INSERT INTO sms_refusals AS r (at, country, kind, n)
   SELECT at, country, kind, n FROM jsonb_to_recordset($1::jsonb) AS x(at timestamptz, country text, kind text, n int)
    ORDER BY at, country COLLATE "C", kind COLLATE "C"
   ON CONFLICT (at, country, kind) DO UPDATE SET n = r.n + excluded.n`,
);
const steps = statement(
  'sms_refusals_steps',
  `SELECT date_bin(make_interval(secs => $3), at, 'epoch'::timestamptz) AS at, nullif(country, '${NO_COUNTRY}') AS country, kind, sum(n)::int AS count
     FROM sms_refusals WHERE at > $1::timestamptz - interval '5 minutes' AND at < $2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
);

interface Waiting {
  readonly at: string;
  readonly country: string;
  readonly kind: Refusal;
  n: number;
}

@Injectable()
export class SendRefusals implements OnModuleInit, OnApplicationShutdown {
  private waiting = new Map<string, Waiting>();

  constructor(
    private readonly database: Database,
    private readonly jobs: JobRegistry,
    private readonly clock: Clock,
    private readonly stats: DeliveryStats,
  ) {}

  onModuleInit(): void {
    this.jobs.registerBeat({ name: 'sms_refusals', seconds: BEAT_SECONDS, work: () => this.write() });
  }

  /** Runs after the jobs have ended, like the state mark. */
  async onApplicationShutdown(): Promise<void> {
    await this.write().catch(() => undefined);
  }

  /** @param phone E.164, or a text that stands in for it */
  note(phone: string, kind: Refusal): void {
    const at = Math.floor(this.clock.now().getTime() / STEP_MILLISECONDS) * STEP_MILLISECONDS;
    this.count({ at: new Date(at).toISOString(), country: countryOf(phone) ?? NO_COUNTRY, kind, n: 1 });
  }

  /** By time; steps without a refusal are absent. Refusals of the last five seconds may be missing. @throws AppError overloaded, not_ready */
  async overTime({ from, to }: Period): Promise<Series<RefusalStep>> {
    const stepSeconds = this.stats.stepSeconds({ from, to });
    return { from, to, stepSeconds, steps: await this.database.run(steps, [from, to, stepSeconds]) };
  }

  private count(one: Waiting): void {
    const key = `${one.at} ${one.country} ${one.kind}`;
    const known = this.waiting.get(key);
    if (known !== undefined) known.n += one.n;
    else if (this.waiting.size < WAITING_MAX) this.waiting.set(key, { ...one });
  }

  private async write(): Promise<void> {
    if (this.waiting.size === 0) return;
    const counted = [...this.waiting.values()];
    this.waiting = new Map();
    try {
      await this.database.run(add, [JSON.stringify(counted)]);
    } catch (error) {
      for (const one of counted) this.count(one);
      throw error;
    }
  }
}
