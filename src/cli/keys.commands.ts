// keys: the keys access tokens are signed with.
import { SigningKeysService } from '../auth/tokens/signing-keys.service';
import type { CommandGroup } from './command-group.types';

export const keysCommands: CommandGroup = {
  name: 'keys',
  summary: 'signing keys of access tokens',
  add(group, run) {
    group
      .command('list')
      .description('all keys that are published, newest first')
      .action(
        run(async ({ get, output }) => {
          output.list(await get(SigningKeysService).list(), 'there is no key yet');
        }),
      );
  },
};
