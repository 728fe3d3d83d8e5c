// What every operators' route has in common: it wants an API key with scope admin, and lives on ADMIN_PORT (ADR 23).
import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiKey } from '../platform/request/api-key.decorator';

/** @param path below /v1/admin, where the admin listener looks for its routes */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(ApiTags('admin'), ApiBearerAuth('apiKey'), ApiKey('admin'), Controller(`v1/admin/${path}`));
}
