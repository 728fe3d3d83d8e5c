// users find, show, deleted, sessions, disable, enable, must-change, end-sessions, reopen-second-factor, start-reset: like /v1/admin/users,
// for whoever may run commands on this machine. An operator can neither choose nor see a password or a code.
import type { Command } from 'commander';
import { AccountsManagement } from '../../auth/accounts/accounts-management.service';
import { AccountsSearch } from '../../auth/accounts/accounts-search.service';
import type { AccountRecord } from '../../auth/accounts/accounts.types';
import { OperatorReset } from '../../auth/accounts/operator-reset.service';
import { UserResponse } from '../../users/user-response.types';
import type { Run, Session } from '../command-group.types';
import { type Row, shown } from '../output';
import { type ActOptions, actOf, withAct } from './operator-act.options';

/** Several people may have noted the same unverified address. */
const MAX_FOUND = 1000;

export function addAccountCommands(group: Command, run: Run): void {
  addReading(group, run);
  addChanges(group, run);
  withAct(
    group.command('start-reset <id>').description('sends the person a code to choose a new password with'),
  ).action(
    run(async ({ get, output, actor }, id: string, options: ActOptions) => {
      const { challengeToken, destination, expiresAt } = await get(OperatorReset).start(id, actOf(actor, options));
      output.result(
        { id, destination, expiresAt, challengeToken },
        `a code is on its way to ${destination}; the person's app enters it until ${expiresAt} with ${challengeToken}`,
      );
    }),
  );
}

function addReading(group: Command, run: Run): void {
  group
    .command('find <who>')
    .description('by phone, e-mail address or id')
    .action(
      run(async ({ get, output }, who: string) => {
        output.list((await get(AccountsSearch).find(who, MAX_FOUND)).map(rowOf), 'there is nobody');
      }),
    );
  group
    .command('show <id>')
    .description('one of them')
    .action(
      run(async ({ get, output }, id: string) => {
        print({ output }, await get(AccountsSearch).show(id));
      }),
    );
  group
    .command('deleted <phone>')
    .description('accounts that had this number when they were deleted, for 30 days; audit list --user has the rest')
    .action(
      run(async ({ get, output }, phone: string) => {
        const found = await get(AccountsSearch).deleted(phone);
        output.list(
          found.map((account) => ({ ...account })),
          'there is none',
        );
      }),
    );
  group
    .command('sessions <id>')
    .description('those that live, last used first')
    .action(
      run(async ({ get, output }, id: string) => {
        const sessions = await get(AccountsSearch).sessions(id);
        output.list(
          sessions.map(({ endsAt: expiresAt, ...session }) => ({ ...session, expiresAt })),
          'there is none',
        );
      }),
    );
}

function addChanges(group: Command, run: Run): void {
  const changes = {
    disable: ['disable', 'ends its sessions and codes; nobody signs in until it is enabled'],
    enable: ['enable', 'undoes disable; what was ended stays ended'],
    'must-change': ['demandPasswordChange', 'the password signs in no more until its owner has replaced it'],
    'end-sessions': ['endSessions', 'ends all of them, and whatever waits for a code'],
    'reopen-second-factor': [
      'reopenSecondFactor',
      'takes codes again after a hundred wrong ones in a row; sessions end',
    ],
  } as const;
  for (const [name, [method, summary]] of Object.entries(changes)) {
    withAct(group.command(`${name} <id>`).description(summary)).action(
      run(async ({ get, output, actor }, id: string, options: ActOptions) => {
        print({ output }, await get(AccountsManagement)[method](id, actOf(actor, options)));
      }),
    );
  }
}

function print({ output }: Pick<Session, 'output'>, record: AccountRecord): void {
  const row = rowOf(record);
  output.result(
    row,
    Object.entries(row)
      .map(([name, cell]) => `${name}: ${shown(cell)}`)
      .join('\n'),
  );
}

/** What the admin API shows. */
function rowOf(record: AccountRecord): Row {
  const { status, mustChangePassword, passwordLocked, secondFactorLocked, lastAuthenticatedAt } = record;
  const user = UserResponse.from(record);
  return { ...user, status, lastAuthenticatedAt, mustChangePassword, passwordLocked, secondFactorLocked };
}
