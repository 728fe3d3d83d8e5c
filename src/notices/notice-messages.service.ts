// Composes the text of a notice when its `sms` job runs. A verification service cannot carry a notice. So where no message sender serves the
// number, the notice is recorded in the audit log as dropped.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service';
import { ProductConfig } from '../config/product.config';
import { Database } from '../database/database.service';
import { Spending } from '../limits/spending.service';
import { Clock } from '../platform/clock/clock';
import { languageOf } from '../platform/text/language';
import type { Message, MessageReference, MessageSource } from '../sms/contract/message-source';
import { MessageSources } from '../sms/message-sources.service';
import { SmsSender } from '../sms/sms-sender.service';
import { noticeText } from './notice-text';
import { isToldEnough, isTooLate, TTL_SECONDS } from './notice.policy';
import { NoticesStore } from './notices.store';

@Injectable()
export class NoticeMessages implements MessageSource, OnModuleInit {
  readonly name = 'notice';

  constructor(
    private readonly sources: MessageSources,
    private readonly sms: SmsSender,
    private readonly store: NoticesStore,
    private readonly spending: Spending,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly product: ProductConfig,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async compose({ id }: MessageReference): Promise<Message> {
    const notice = await this.store.find(id);
    const now = this.clock.now();
    if (notice === undefined || notice.phone === null || isTooLate(notice, now)) return { kind: 'expired' };
    if (isToldEnough(notice)) return this.dropped(id, `${notice.name}: told often enough today`);
    if (!this.sms.carriesText(notice.phone)) return this.dropped(id, `${notice.name}: no message sender`);
    const text = noticeText(notice.name, languageOf(notice.locale), this.product.APP_NAME);
    return { kind: 'text', phone: notice.phone, text, ttlSeconds: TTL_SECONDS };
  }

  private async dropped(ref: string, reason: string): Promise<Message> {
    await this.audit.record(this.database, { event: 'notice_dropped', at: this.clock.now(), ref, reason });
    return { kind: 'expired' };
  }

  /** Charges the budgets for a hand-over. A notice is sent even when the budgets are spent (ADR 55). @returns true always */
  async charge({ id }: MessageReference): Promise<boolean> {
    const phone = (await this.store.find(id))?.phone ?? null;
    if (phone !== null) await this.spending.charge(phone, 'login', this.clock.now());
    return true;
  }

  chargeMore(_reference: MessageReference, amount: number): Promise<void> {
    return this.spending.chargeMore(amount, 'login', this.clock.now());
  }
}
