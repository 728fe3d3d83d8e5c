// users rebind-phone, and the commands that follow it: moves an account to another number for somebody who lost their phone (ADR 50). Like
// /v1/admin/users/:id/rebind-phone. Two operators are two accounts of the operating system, whatever --operator says.
import type { Command } from 'commander';
import { PhoneRebinds } from '../../auth/phone-rebind/phone-rebinds.service';
import type { BegunPhoneRebind, PhoneRebind } from '../../auth/phone-rebind/phone-rebinds.types';
import { maskPhone } from '../../platform/phone/phone-number';
import type { Run, Session } from '../command-group.types';
import { type Row, shown } from '../output';
import { type ActOptions, actOf, withAct } from './operator-act.options';

export function addRebindCommands(group: Command, run: Run): void {
  withAct(
    group
      .command('rebind-phone <id> <phone>')
      .description(
        'begins to move it to another number: code to that, notice to the old one, then a wait; needs --reason',
      ),
  ).action(
    run(async ({ get, output, actor }, id: string, phone: string, options: ActOptions) => {
      printBegun({ output }, await get(PhoneRebinds).begin(id, phone, actOf(actor, options)));
    }),
  );
  withAct(
    group
      .command('approve-rebind <id> [phone]')
      .description('as another operator than the one who began it; refused when the move is to another number'),
  ).action(
    run(async ({ get, output, actor }, id: string, phone: string | undefined, options: ActOptions) => {
      printBegun({ output }, await get(PhoneRebinds).approve(id, phone ?? null, actOf(actor, options)));
    }),
  );
  withAct(group.command('cancel-rebind <id>').description('calls it off; sessions stay ended')).action(
    run(async ({ get, output, actor }, id: string, options: ActOptions) => {
      await get(PhoneRebinds).cancel(id, actOf(actor, options));
      output.result({ userId: id, state: 'cancelled' }, `the number of ${id} stays`);
    }),
  );
  group
    .command('show-rebind <id>')
    .description('the newest of an account, ended or not')
    .action(
      run(async ({ get, output }, id: string) => {
        print({ output }, rowOf(await get(PhoneRebinds).show(id)));
      }),
    );
}

function printBegun({ output }: Pick<Session, 'output'>, { rebind, challenge }: BegunPhoneRebind): void {
  const { challengeToken = null, expiresAt = null } = challenge ?? {};
  print({ output }, { ...rowOf(rebind), challengeToken, codeExpiresAt: expiresAt });
}

function print({ output }: Pick<Session, 'output'>, row: Row): void {
  const lines = Object.entries(row).map(([name, cell]) => `${name}: ${shown(cell)}`);
  output.result(row, lines.join('\n'));
}

function rowOf({ phone, ...rebind }: PhoneRebind): Row {
  return { ...rebind, phone: maskPhone(phone) };
}
