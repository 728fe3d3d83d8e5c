// invites: who may register where REGISTRATION=invite. A token is printed by the command that made it, and never again.
import { Invites } from '../auth/invites/invites.service';
import type { InviteRecord, NewInvite } from '../auth/invites/invites.types';
import { maskPhone } from '../platform/phone/phone-number';
import { countOf, MAX_ROWS } from './arguments';
import type { CommandGroup } from './command-group.types';
import type { Row } from './output';

interface CreateOptions extends Omit<NewInvite, 'uses' | 'days'> {
  readonly uses?: string;
  readonly days?: string;
}

export const invitesCommands: CommandGroup = {
  name: 'invites',
  summary: 'who may register where REGISTRATION=invite',
  add(group, run) {
    group
      .command('create')
      .description('prints an invitation')
      .option('--uses <count>', 'accounts it makes, 1 to 10000; 1 when absent')
      .option('--days <count>', 'how long it is good, 1 to 365; 7 when absent')
      .option('--phone <number>', 'only this number may register with it')
      .option('--note <text>', 'for operators')
      .action(
        run(async ({ get, output, actor }, { uses, days, phone, note }: CreateOptions) => {
          const wanted = { uses: numberOf(uses), days: numberOf(days), phone, note };
          const { invite, token } = await get(Invites).create(wanted, actor);
          const row = { ...rowOf(invite), inviteToken: token.reveal() };
          output.result(
            row,
            `${token.reveal()}\n\nIt is shown this once, and good until ${invite.expiresAt.toISOString()}.`,
          );
        }),
      );
    group
      .command('list')
      .description('all of them, newest first')
      .option('--limit <count>', `at most so many, up to ${MAX_ROWS}`, countOf, MAX_ROWS)
      .action(
        run(async ({ get, output }, { limit }: { limit: number }) => {
          output.list((await get(Invites).page('', limit)).invites.map(rowOf), 'there is none');
        }),
      );
    group
      .command('revoke <id>')
      .description('nobody registers with it any more; accounts that it has made stay')
      .action(
        run(async ({ get, output, actor }, id: string) => {
          await get(Invites).revoke(id, actor);
          output.result({ id, revoked: true }, `${id} is revoked`);
        }),
      );
  },
};

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function rowOf({ phone, ...invite }: InviteRecord): Row {
  const { id, note, usesMax, uses, createdBy, createdAt, expiresAt, revokedAt } = invite;
  const bound = phone === null ? null : maskPhone(phone);
  return { id, note, phone: bound, usesMax, uses, createdBy, createdAt, expiresAt, revokedAt };
}
