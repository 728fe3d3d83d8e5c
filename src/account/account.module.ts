import { Module } from '@nestjs/common';
import { SessionsModule } from '../auth/sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccountDeletion } from './deletion/account-deletion.service';
import { MeController } from './me.controller';

@Module({ imports: [SessionsModule, UsersModule], controllers: [MeController], providers: [AccountDeletion] })
export class AccountModule {}
