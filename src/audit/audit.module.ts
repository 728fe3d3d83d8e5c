import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.service';
import { AuditReader } from './audit-reader.service';
import { SampledEvents } from './sampled-events.service';

@Global()
@Module({ providers: [AuditLog, AuditReader, SampledEvents], exports: [AuditLog, AuditReader, SampledEvents] })
export class AuditModule {}
