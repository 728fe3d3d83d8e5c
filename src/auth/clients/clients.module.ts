import { Module } from '@nestjs/common';
import { ApiKeyAccess } from './api-key-access.service';
import { ClientsManagement } from './clients-management.service';
import { ClientsService } from './clients.service';
import { ClientsStore } from './clients.store';
import { DevelopmentAdmin } from './development-admin.service';

/** Client apps: who they are, what their keys open, how the operator manages them. */
@Module({
  providers: [ClientsStore, ClientsService, ClientsManagement, ApiKeyAccess, DevelopmentAdmin],
  exports: [ClientsService, ClientsManagement, ApiKeyAccess],
})
export class ClientsModule {}
