// --reason and --operator, which every command that changes an account takes.
import type { Command } from 'commander';
import type { OperatorAct } from '../../auth/accounts/accounts.types';

export interface ActOptions {
  readonly reason?: string;
  readonly operator?: string;
}

export function withAct(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the audit log')
    .option('--operator <name>', 'who you are, beside the account of the operating system; proves nothing');
}

export function actOf(actor: string, { reason, operator }: ActOptions): OperatorAct {
  return { by: actor, reason: reason ?? null, operator: operator ?? null };
}
