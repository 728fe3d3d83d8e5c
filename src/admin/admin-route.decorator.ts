// What all routes of operators have in common: they take an API key with scope admin, and exist on ADMIN_PORT only (ADR 23).
import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiKey } from '../platform/request/api-key.decorator';

/** @param path below /v1/admin, where the admin listener looks for its routes */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(ApiTags('admin'), ApiBearerAuth('apiKey'), ApiKey('admin'), Controller(`v1/admin/${path}`));
}
