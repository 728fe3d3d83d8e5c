// One run of an `sms` job: composes the message, sends it, records what became of it. Runs outside of any transaction and request (design
// D5). Invariants: no text, code or number is kept. Retries and failover happen inside this run; the queue's own retry is for crashes only
// (design D6). A send that is recorded as handed over is not handed over again; then only what the former run had no time for is done.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { TestPhones } from '../config/test-phones';
import { JobRegistry, type JobRun } from '../jobs/job-registry.service';
import { Clock } from '../platform/clock/clock';
import type { MessageReference } from './contract/message-source';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { Failover } from './failover.service';
import { isFinal, type Run, wasTaken } from './failover.types';
import { MessageSources } from './message-sources.service';
import { Pretence } from './pretence.service';
import { leftOpen } from './resumption.service';
import { Vendors } from './routing/vendors.service';
import { Receipts } from './receipts/receipts.service';
import { SendEnd } from './send-end.service';
import { SendRecords } from './send-records.service';

@Injectable()
export class SendMessage implements OnModuleInit {
  constructor(
    private readonly jobs: JobRegistry,
    private readonly sources: MessageSources,
    private readonly deliveries: DeliveriesStore,
    private readonly vendors: Vendors,
    private readonly failover: Failover,
    private readonly pretence: Pretence,
    private readonly sendEnd: SendEnd,
    private readonly records: SendRecords,
    private readonly receipts: Receipts,
    private readonly testPhones: TestPhones,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register('sms', (payload, signal, run) => this.run(payload as MessageReference, signal, run));
  }

  /**
   * May run again for the same send: after a crash it goes on where the record ends; after a receipt that said `failed` it takes the next
   * vendor. The first run of a challenge's first send looks for no record, because there can be none.
   */
  async run(reference: MessageReference, signal: AbortSignal, { isFirst }: JobRun): Promise<void> {
    const source = this.sources.get(reference.source);
    const isNew = isFirst && reference.send <= 1;
    const all = isNew ? [] : await this.deliveries.of(reference.id, this.clock.now(), reference.source);
    const past = all.filter(({ send }) => send === reference.send);
    const others = all.filter(({ send }) => send !== reference.send);
    const run = { source, reference, signal, past, others };
    if (past.some(isFinal)) return this.complete(run);
    const message = await source.compose(reference);
    if (message.kind === 'expired') await this.sendEnd.expired(run, message, leftOpen(run));
    else if (this.testPhones.has(message.phone)) await this.sendEnd.keptBack(run, message.phone);
    else if (message.kind === 'pretend') await this.pretence.send(run, message);
    else await this.failover.send(run, message);
  }

  /** Does what a former run could not do any more after it had recorded the vendor's id, because it was killed or the database refused. */
  private async complete(run: Run): Promise<void> {
    const { source, reference, past } = run;
    const open = leftOpen(run);
    if (open.length > 0 && !past.some(wasTaken)) await source.sendFailed?.(reference);
    await this.records.settle(open);
    for (const { provider, providerId, status } of past) {
      if (provider === null || providerId === null) continue;
      if (status !== 'failed' && this.vendors.service(provider) !== undefined)
        await this.nameVerification(run, provider, providerId);
      await this.receipts.applyEarly(provider, providerId);
    }
  }

  /** Tells the challenge the id of its verification. Without it nobody can check the code that the service has sent. */
  private async nameVerification({ source, reference }: Run, provider: string, verificationId: string): Promise<void> {
    const message = await source.compose(reference);
    if (message.kind !== 'code') return;
    const { verifier } = message;
    if (verifier.provider !== provider || verifier.verificationId !== null) return;
    await source.changeVerifier?.(reference, verifier, { provider, verificationId });
  }
}
