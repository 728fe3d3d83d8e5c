import { Module } from '@nestjs/common';
import { LimitsModule } from '../../limits/limits.module';
import { OtpModule } from '../../otp/otp.module';
import { UsersModule } from '../../users/users.module';
import { IssuePolicyService } from '../issue-policy.service';
import { SessionsModule } from '../sessions/sessions.module';
import { AccountsManagement } from './accounts-management.service';
import { AccountsSearch } from './accounts-search.service';
import { OperatorReset } from './operator-reset.service';

/** What operators do with accounts; its routes and commands are edges (src/admin/users, src/cli/users). */
@Module({
  imports: [LimitsModule, OtpModule, SessionsModule, UsersModule],
  providers: [AccountsSearch, AccountsManagement, OperatorReset, IssuePolicyService],
  exports: [AccountsSearch, AccountsManagement, OperatorReset],
})
export class AccountsModule {}
