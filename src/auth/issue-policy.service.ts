// What every flow that issues a challenge shares: which numbers are served, and how a refusal of the counters is told.
import { Injectable } from '@nestjs/common';
import { PhoneConfig } from '../config/phone.config';
import { Challenges } from '../otp/challenges.service';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import type { IssueRow } from './register/register.sql';

@Injectable()
export class IssuePolicyService {
  constructor(
    private readonly phones: PhoneConfig,
    private readonly challenges: Challenges,
  ) {}

  get countries(): 'all' | readonly string[] {
    return this.phones.countries;
  }

  /** @throws AppError rate_limited with the seconds until the fullest counter has room again */
  granted(row: IssueRow | undefined): { resendAt: Date | null } {
    if (row?.granted === true) return { resendAt: row.resendAt };
    throw new AppError(platformErrors.rate_limited, {
      retryAfterSeconds: this.retryAfter(row?.retryAfterSeconds ?? null),
    });
  }

  /** @param seconds by snapshot; null or past when a parallel request was faster, which leaves at least a cooldown */
  retryAfter(seconds: number | null): number {
    return seconds === null || seconds <= 0 ? this.challenges.cooldownSeconds : Math.ceil(seconds);
  }
}
