import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module';
import { LoginModule } from './login/login.module';
import { OauthModule } from './oauth/oauth.module';
import { PhoneVerificationsModule } from './phone-verifications/phone-verifications.module';
import { RegisterModule } from './register/register.module';
import { SecondFactorModule } from './second-factor/second-factor.module';
import { SessionRoutesModule } from './sessions/session-routes.module';

/** The flows, in the order a person meets them, and the guard of everything else. */
@Module({
  imports: [
    AccessModule,
    RegisterModule,
    LoginModule,
    SecondFactorModule,
    SessionRoutesModule,
    OauthModule,
    PhoneVerificationsModule,
  ],
  exports: [AccessModule],
})
export class AuthModule {}
