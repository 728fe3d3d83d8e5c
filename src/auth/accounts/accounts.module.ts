import { Module } from '@nestjs/common';
import { LimitsModule } from '../../limits/limits.module';
import { UsersModule } from '../../users/users.module';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { SessionsModule } from '../sessions/sessions.module';
import { AccountsManagement } from './accounts-management.service';
import { AccountsSearch } from './accounts-search.service';
import { OperatorReset } from './operator-reset.service';

/** What operators do with accounts. The routes and commands for it are in src/admin/users and src/cli/users. */
@Module({
  imports: [IdentifiersModule, IssuanceModule, LimitsModule, SessionsModule, UsersModule],
  providers: [AccountsSearch, AccountsManagement, OperatorReset],
  exports: [AccountsSearch, AccountsManagement, OperatorReset],
})
export class AccountsModule {}
