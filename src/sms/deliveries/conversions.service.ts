// Records which hand-overs led to an entered code, before the challenges that know it are deleted. Verifying a code writes nothing for
// this, so that people never wait for our statistics. Runs every 5 minutes on one instance, and when an operator looks.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { MessageSources } from '../message-sources.service';
import { ConversionsStore } from './conversions.store';

const BATCH = 1000;
const BEGINNING = new Date(0);

@Injectable()
export class Conversions implements OnModuleInit {
  constructor(
    private readonly registry: JobRegistry,
    private readonly sources: MessageSources,
    private readonly store: ConversionsStore,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const handler = (_payload: unknown, signal: AbortSignal): Promise<void> => this.decide(signal);
    this.registry.registerPeriodic({ name: 'sms_conversions', minutes: 5, handler });
  }

  /** Decides all that can be decided now. May run twice, even at the same time. */
  async decide(signal?: AbortSignal): Promise<void> {
    for (const source of this.sources.all()) {
      if (source.outcomesOf === undefined) continue;
      let after = BEGINNING;
      for (let full = true; full && signal?.aborted !== true;) {
        const batch = await this.store.undecided(source.name, after, this.clock.now(), BATCH);
        const outcomes = await source.outcomesOf([...new Set(batch.map(({ referenceId }) => referenceId))]);
        if (outcomes.length > 0) await this.store.decide(source.name, outcomes);
        after = batch.at(-1)?.createdAt ?? after;
        full = batch.length === BATCH;
      }
    }
  }
}
