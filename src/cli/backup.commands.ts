// backup, restore: the whole database in one file, without any program of PostgreSQL's (docs/adr/0072).
import { RestoreService } from '../ops/state/restore.service';
import type { CommandGroup } from './command-group.types';

export const backupCommands: CommandGroup = {
  name: 'backup',
  summary: 'write the database into a file',
  add(group, run) {
    group.argument('<file>', 'made new; readable by you alone').action(
      run(async ({ get, output }, file: string) => {
        const { header, rows } = await get(RestoreService).backup(file);
        output.result(
          { file, at: header.at, rows },
          `${rows} rows as of ${header.at} are in ${file}. It is of use only with SECRET_KEYS (in development: the folder secrets of LATCHKEY_DIR), which are not in it.`,
        );
      }),
    );
  },
};

interface Options {
  readonly replace?: boolean;
  readonly moved?: boolean;
}

export const restoreCommands: CommandGroup = {
  name: 'restore',
  summary: 'fill the database from a file of backup, and end what was made before',
  add(group, run) {
    group
      .argument('<file>', 'of the command backup')
      .option('--replace', 'give up the accounts that are in the database')
      .option('--moved', 'the database moves, and was not used after the backup: end nothing')
      .action(
        run(async ({ get, output, actor }, file: string, { replace = false, moved = false }: Options) => {
          const done = await get(RestoreService).restore(file, { replace, moved, by: actor });
          output.result(
            { ...done },
            `${done.rows} rows as of ${done.at} are here. ${done.floor ? ENDED : 'Nothing was ended.'}`,
          );
        }),
      );
  },
};

/** What the floor means, in the operator's words. */
export const ENDED =
  'Every session, code, recovery code, invitation and API key from before is over; people choose a new password with a code; client apps need clients rotate-secret.';
