import { Module } from '@nestjs/common';
import { DeletedAccounts } from './deleted-accounts.service';
import { UsersService } from './users.service';

@Module({ providers: [UsersService, DeletedAccounts], exports: [UsersService, DeletedAccounts] })
export class UsersModule {}
