import { Module } from '@nestjs/common';
import { AccountLimits } from '../auth/account-limits.service';
import { PasswordModule } from '../auth/password/password.module';
import { SessionsModule } from '../auth/sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccountDeletion } from './deletion/account-deletion.service';
import { AccountExport } from './export/account-export.service';
import { ExportController } from './export/export.controller';
import { MeController } from './me.controller';
import { TermsController } from './terms/terms.controller';
import { TermsService } from './terms/terms.service';

/** What signed-in people do with their own account: read, change, export and delete it, and accept terms. */
@Module({
  imports: [PasswordModule, SessionsModule, UsersModule],
  controllers: [MeController, ExportController, TermsController],
  providers: [AccountDeletion, AccountLimits, AccountExport, TermsService],
})
export class AccountModule {}
