import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.service';
import { AuditReader } from './audit-reader.service';

@Global()
@Module({ providers: [AuditLog, AuditReader], exports: [AuditLog, AuditReader] })
export class AuditModule {}
