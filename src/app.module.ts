// The table of contents: the modules of the app, in the order of the arrows. A module knows only modules that stand above it in this list, and
// parts of these (ARCHITECTURE.md).
import { DynamicModule, Module } from '@nestjs/common';
import { AccountModule } from './account/account.module';
import { AdminModule } from './admin/admin.module';
import { AuditModule } from './audit/audit.module';
import { AuthModule } from './auth/auth.module';
import { ConfigModule } from './config/config.module';
import type { LoadedConfig } from './config/load-config';
import { DatabaseModule } from './database/database.module';
import { JobsModule } from './jobs/jobs.module';
import { MailModule } from './mail/mail.module';
import { type Observers, ObservationModule } from './observation.module';
import { NoticesModule } from './notices/notices.module';
import { OpsModule } from './ops/ops.module';
import { OtpModule } from './otp/otp.module';
import { PlatformModule } from './platform.module';
import { SmsModule } from './sms/sms.module';
import { ThrottlingModule } from './throttling/throttling.module';
import { UsersModule } from './users/users.module';

@Module({})
export class AppModule {
  /**
   * @param observers count and trace what the app does
   * @param options.runsJobs whether this process runs jobs. A command of the command line only queues them
   */
  static forRoot(config: LoadedConfig, observers: Observers, { runsJobs } = { runsJobs: true }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservationModule.forRoot(observers),
        PlatformModule,
        DatabaseModule,
        JobsModule.forRoot({ runsJobs }),
        AuditModule,
        ThrottlingModule,
        SmsModule,
        MailModule,
        OtpModule,
        NoticesModule,
        UsersModule,
        AuthModule,
        AccountModule,
        AdminModule,
        OpsModule,
      ],
    };
  }
}
