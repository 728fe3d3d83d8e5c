// GET /v1/admin/audit: the audit log, with filters and in pages.
import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AuditReader } from '../../audit/audit-reader.service';
import { PAGE_DEFAULT } from '../admin-list.request';
import { AdminController } from '../admin-route.decorator';
import { instantOf } from '../query-instant';
import { AuditListRequest } from './admin-audit.request';
import { AuditEntryResponse, AuditListResponse } from './admin-audit.response';

@AdminController('audit')
export class AdminAuditController {
  constructor(private readonly log: AuditReader) {}

  /** What happened, as it was recorded, newest first. */
  @Get()
  @ApiOkResponse({ type: AuditListResponse })
  async list(@Query() query: AuditListRequest): Promise<AuditListResponse> {
    const { cursor = '', limit = PAGE_DEFAULT, type: event, userId, from, to } = query;
    const filter = { event, userId, from: instantOf(from), to: instantOf(to) };
    const { entries, nextCursor } = await this.log.page(filter, cursor, limit);
    return { items: entries.map((entry) => AuditEntryResponse.from(entry)), nextCursor };
  }
}
