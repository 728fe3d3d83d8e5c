import { Module } from '@nestjs/common';
import { DeletedAccounts } from './deleted-accounts.service';
import { UserExport } from './export/user-export.service';
import { ImportPasswords } from './import/import-passwords.service';
import { UserImport } from './import/user-import.service';
import { UsersService } from './users.service';

/** Accounts as rows: reading, profile, import, export, and what is remembered of deleted ones. Sign-in and second factors are in auth. */
@Module({
  providers: [UsersService, DeletedAccounts, ImportPasswords, UserImport, UserExport],
  exports: [UsersService, DeletedAccounts, UserImport, UserExport],
})
export class UsersModule {}
