// All groups of commands, in the order of the help text.
import { alarmsCommands } from './alarms.commands';
import { auditCommands } from './audit.commands';
import { backupCommands, restoreCommands } from './backup.commands';
import type { CommandGroup } from './command-group.types';
import { calibrateCommands } from './calibrate.commands';
import { clientsCommands } from './clients.commands';
import { invitesCommands } from './invites.commands';
import { keysCommands } from './keys.commands';
import { smsCommands } from './sms.commands';
import { stateCommands } from './state.commands';
import { usersCommands } from './users.commands';

export const commandGroups: readonly CommandGroup[] = [
  alarmsCommands,
  auditCommands,
  backupCommands,
  restoreCommands,
  calibrateCommands,
  clientsCommands,
  invitesCommands,
  keysCommands,
  smsCommands,
  stateCommands,
  usersCommands,
];
