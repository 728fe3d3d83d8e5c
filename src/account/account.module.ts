import { Module } from '@nestjs/common';
import { SessionsModule } from '../auth/sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccountDeletion } from './deletion/account-deletion.service';
import { AccountExport } from './export/account-export.service';
import { ExportController } from './export/export.controller';
import { MeController } from './me.controller';

@Module({
  imports: [SessionsModule, UsersModule],
  controllers: [MeController, ExportController],
  providers: [AccountDeletion, AccountExport],
})
export class AccountModule {}
