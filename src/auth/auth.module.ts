import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module';
import { LoginModule } from './login/login.module';
import { RegisterModule } from './register/register.module';
import { SecondFactorModule } from './second-factor/second-factor.module';

/** The flows, in the order a person meets them. AccessModule shuts every route that is not marked public. */
@Module({ imports: [AccessModule, RegisterModule, LoginModule, SecondFactorModule] })
export class AuthModule {}
