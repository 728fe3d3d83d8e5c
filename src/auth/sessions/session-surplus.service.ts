// At most 10 living sessions per person (security.md 5.5): after a sign-in the longest unused ones beyond that end. It runs beside the answer,
// so that signing in stays one statement; whatever the order of parallel sign-ins, the last of them sees all the others.
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { RequestContext } from '../../platform/request/request-context';
import { SessionLivenessService } from './session-liveness.service';
import { endSurplusSessions } from './sessions-end.sql';

const SESSIONS_KEPT = 10;

@Injectable()
export class SessionSurplus implements BeforeApplicationShutdown {
  private readonly logger = new Logger('sessions');
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** Starts it and does not wait. What fails here is made good by the person's next sign-in. */
  endSoon(userId: string): void {
    const work = this.end(userId)
      .catch((error: unknown) => this.logger.warn({ msg: 'surplus sessions were not ended', err: error as Error }))
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running);
  }

  private async end(userId: string): Promise<void> {
    const { requestId, address } = this.context;
    const bound = endSurplusSessions.with({ now: this.clock.now(), requestId, address, userId, keep: SESSIONS_KEPT });
    const ended = await this.database.run<{ id: string }>(...bound);
    ended.forEach(({ id }) => this.liveness.forget(id));
  }
}
