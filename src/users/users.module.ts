import { Module } from '@nestjs/common';
import { DeletedAccounts } from './deleted-accounts.service';
import { UserExport } from './export/user-export.service';
import { ImportPasswords } from './import/import-passwords.service';
import { UserImport } from './import/user-import.service';
import { UsersService } from './users.service';

@Module({
  providers: [UsersService, DeletedAccounts, ImportPasswords, UserImport, UserExport],
  exports: [UsersService, DeletedAccounts, UserImport, UserExport],
})
export class UsersModule {}
