import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.service';
import { AuditReader } from './audit-reader.service';
import { LateAudit } from './late-audit.service';
import { SampledEvents } from './sampled-events.service';

/** The audit log: writing it, reading it, and rows that are written later or only once a minute. Global, because every module records events. */
@Global()
@Module({
  providers: [AuditLog, AuditReader, LateAudit, SampledEvents],
  exports: [AuditLog, AuditReader, LateAudit, SampledEvents],
})
export class AuditModule {}
