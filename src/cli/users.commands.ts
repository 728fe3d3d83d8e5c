// users: the accounts, as the operator sees them. Each kind of command is a file of its own in cli/users/, named here.
import type { CommandGroup } from './command-group.types';
import { addAccountCommands } from './users/account.commands';
import { addExportCommand } from './users/export.commands';
import { addImportCommand } from './users/import.commands';
import { addRebindCommands } from './users/rebind.commands';

/** Adds commands to the group; one file each, in the order of the help text. */
const parts: readonly CommandGroup['add'][] = [
  addAccountCommands,
  addRebindCommands,
  addImportCommand,
  addExportCommand,
];

export const usersCommands: CommandGroup = {
  name: 'users',
  summary: 'the accounts of people',
  add(group, run) {
    for (const add of parts) add(group, run);
  },
};
