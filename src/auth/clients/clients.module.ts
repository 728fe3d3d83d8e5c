import { Module } from '@nestjs/common';
import { ApiKeyAccess } from './api-key-access.service';
import { ClientsManagement } from './clients-management.service';
import { ClientsService } from './clients.service';
import { ClientsStore } from './clients.store';
import { DevelopmentAdmin } from './development-admin.service';
import { Origins } from './origins.service';

/** Client apps: who they are, what their keys open, and how the operator manages them. */
@Module({
  providers: [ClientsStore, ClientsService, ClientsManagement, ApiKeyAccess, Origins, DevelopmentAdmin],
  exports: [ClientsService, ClientsManagement, ApiKeyAccess, Origins],
})
export class ClientsModule {}
