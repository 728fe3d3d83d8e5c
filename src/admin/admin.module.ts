import { Module } from '@nestjs/common';
import { AccountsModule } from '../auth/accounts/accounts.module';
import { GateModule } from '../auth/challenge-gate/gate.module';
import { ClientsModule } from '../auth/clients/clients.module';
import { FactorAlarmModule } from '../auth/factor-alarm/factor-alarm.module';
import { PhoneRebindModule } from '../auth/phone-rebind/phone-rebind.module';
import { InvitesModule } from '../auth/invites/invites.module';
import { LimitsModule } from '../limits/limits.module';
import { OtpModule } from '../otp/otp.module';
import { SmsModule } from '../sms/sms.module';
import { AdminAlarmsController } from './alarms/admin-alarms.controller';
import { AdminAuditController } from './audit/admin-audit.controller';
import { AdminClientsController } from './clients/admin-clients.controller';
import { AdminInvitesController } from './invites/admin-invites.controller';
import { AdminSmsController } from './sms/admin-sms.controller';
import { AdminRebindsController } from './users/admin-rebinds.controller';
import { AdminUsersController } from './users/admin-users.controller';

/** The admin API: routes on ADMIN_PORT for API keys with scope admin. No other module imports this one. */
@Module({
  imports: [
    AccountsModule,
    ClientsModule,
    FactorAlarmModule,
    GateModule,
    InvitesModule,
    LimitsModule,
    OtpModule,
    PhoneRebindModule,
    SmsModule,
  ],
  controllers: [
    AdminAlarmsController,
    AdminAuditController,
    AdminClientsController,
    AdminInvitesController,
    AdminSmsController,
    AdminRebindsController,
    AdminUsersController,
  ],
})
export class AdminModule {}
