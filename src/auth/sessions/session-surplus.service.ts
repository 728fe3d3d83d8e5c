// At most 10 living sessions per person (security.md 5.5): after a sign-in the longest unused ones beyond that end, and the person is
// told. It runs beside the answer while there is room, so that signing in waits for one statement; whatever the order of parallel
// sign-ins, the last of them sees all the others. To leave it out where there is much room would let parallel ones pass the bound.
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
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
    private readonly random: Random,
  ) {}

  /**
   * Starts it, and waits only when the sign-in itself saw that there will be too many: its answer must not come before they have
   * ended. What fails here is made good by the person's next sign-in. @param others that lived when the sign-in was decided
   */
  async end(userId: string, others: number): Promise<void> {
    const ending = this.start(userId);
    if (others >= SESSIONS_KEPT) await ending;
  }

  private start(userId: string): Promise<void> {
    const work = this.endSurplus(userId)
      .catch((error: unknown) => this.logger.warn({ msg: 'surplus sessions were not ended', err: error as Error }))
      .finally(() => this.running.delete(work));
    this.running.add(work);
    return work;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running);
  }

  private async endSurplus(userId: string): Promise<void> {
    const { requestId, address } = this.context;
    const bound = endSurplusSessions.with({
      now: this.clock.now(),
      requestId,
      address,
      userId,
      keep: SESSIONS_KEPT,
      noticeId: this.random.uuid(),
    });
    const ended = await this.database.run<{ id: string }>(...bound);
    ended.forEach(({ id }) => this.liveness.forget(id));
  }
}
