// Whether there is an alarm about second factors. Every instance looks each ten seconds, and when it is asked and its last look is 5 s old. All
// instances read the same rows, so they agree within that time. Only the look that raises or ends the alarm logs it.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { alarmEnded, alarmRaised } from '../../platform/logging/alarm';
import { FactorAlarmConfig } from './factor-alarm.config';
import { watchFactors } from './factor-alarm.sql';
import type { FactorStanding } from './factor-alarm.types';

const REMEMBERED_MILLISECONDS = 5000;
const BEAT_SECONDS = 10;
const calm: FactorStanding = { attempts: 0, failed: 0, raisedAt: null };

interface Watched extends FactorStanding {
  readonly begins: boolean;
  readonly ends: boolean;
}

@Injectable()
export class FactorAlarm implements OnModuleInit {
  private readonly logger = new Logger('second-factor');
  private last: { readonly at: number; readonly standing: Promise<FactorStanding> } | undefined;

  constructor(
    private readonly config: FactorAlarmConfig,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
  ) {}

  onModuleInit(): void {
    if (this.config.window === undefined) return;
    const work = async (): Promise<void> => void (await this.look());
    this.registry.registerBeat({ name: 'second-factor alarm', seconds: BEAT_SECONDS, work });
  }

  /** At most 5 s old. Many questions at once lead to one look. @throws AppError overloaded, not_ready */
  async isRaised(): Promise<boolean> {
    const now = this.clock.now().getTime();
    // Compares the absolute difference, because a clock that was set back must not stretch the 5 s.
    if (this.last === undefined || Math.abs(now - this.last.at) >= REMEMBERED_MILLISECONDS) {
      const standing = this.look();
      this.last = { at: now, standing };
      standing.catch(() => (this.last = undefined));
    }
    return (await this.last.standing).raisedAt !== null;
  }

  /** Looks now, and raises or ends the alarm when it is time to. @throws AppError overloaded, not_ready */
  async look(): Promise<FactorStanding> {
    const { window, FACTOR_ALARM_PERCENT: percent } = this.config;
    if (window === undefined) return calm;
    const parameters = { now: this.clock.now(), seconds: window.seconds, least: window.count, percent };
    const nobody = { requestId: null, address: null };
    const [row] = await this.database.run<Watched>(...watchFactors.with({ ...parameters, ...nobody }));
    if (row === undefined) throw new Error('the statement always has a row');
    const { begins, ends, ...standing } = row;
    const { attempts, failed } = standing;
    if (begins) this.logger.error(alarmRaised('second_factor_failures', { attempts, failed }));
    if (ends) this.logger.log(alarmEnded('second_factor_failures', { attempts, failed }));
    return standing;
  }
}
