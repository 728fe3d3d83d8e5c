// Keeps at most 10 living sessions per person (security.md 5.5). After a sign-in those above 10 that were unused for longest are ended, and
// the person is told. A sign-in without a parallel one, which sees room for one more, need not look again. When another ran in parallel, it
// may not have seen that one's session; so it looks after its commit. The last of several parallel sign-ins then sees all sessions.
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { SessionLivenessService } from './session-liveness.service';
import { endSurplusSessions } from './sessions-end.sql';

const SESSIONS_KEPT = 10;

@Injectable()
export class SessionSurplus {
  private readonly logger = new Logger('sessions');

  constructor(
    private readonly database: Database,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * The answer to the sign-in waits for this. If it fails, the person's next sign-in with too many sessions makes up for it.
   * @param others living sessions beside the new one, when the sign-in was decided; null when that is not certain
   */
  async end(userId: string, others: number | null): Promise<void> {
    if (others !== null && others < SESSIONS_KEPT) return;
    try {
      await this.endSurplus(userId);
    } catch (error) {
      this.logger.warn({ msg: 'surplus sessions were not ended', err: error as Error });
    }
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
