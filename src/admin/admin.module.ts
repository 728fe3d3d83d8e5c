import { Module } from '@nestjs/common';
import { ClientsModule } from '../auth/clients/clients.module';
import { AdminClientsController } from './clients/admin-clients.controller';

/** The operator's API, an edge: routes on ADMIN_PORT for API keys with scope admin. */
@Module({
  imports: [ClientsModule],
  controllers: [AdminClientsController],
})
export class AdminModule {}
