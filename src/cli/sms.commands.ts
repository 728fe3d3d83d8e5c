// sms: how messages fare. Shows the figures of /v1/admin/sms, without breakers, since those are known only to running instances.
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { SpendBudgets } from '../limits/spend-budgets.service';
import { SendRefusals } from '../otp/send-refusals.service';
import { OperatorError } from '../platform/process/operator-error';
import { DeliveryLog } from '../sms/deliveries/delivery-log.service';
import type { DeliveryFilter } from '../sms/deliveries/delivery-log.types';
import { DeliveryStats } from '../sms/deliveries/delivery-stats.service';
import type { DeliverySummary, Figures } from '../sms/deliveries/delivery-stats.types';
import { DeliveryReport } from '../sms/report/delivery-report.service';
import { VendorOverviews } from '../sms/vendor-overview.service';
import { countOf, instantOf, MAX_ROWS, uuidOf } from './arguments';
import type { CommandGroup, Run } from './command-group.types';
import { type Row, Structured } from './output';

const DEFAULT_ROWS = 50;

interface StatsOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly by: 'provider' | 'country' | 'both';
  readonly html?: string;
}

export const smsCommands: CommandGroup = {
  name: 'sms',
  summary: 'messages and the vendors that carry them',
  add(group, run) {
    addStats(group, run);
    addDeliveries(group, run);
    addBudget(group, run);
    addRefusals(group, run);
    group
      .command('providers')
      .description('vendors in their order, and the last hour: of all instances, so without the breakers of each')
      .action(
        run(async ({ get, output }) => {
          const all = await get(VendorOverviews).all();
          output.list(
            all.map(({ breaker: _ofThisProcess, ...rest }) => ({ ...rest })),
            'there is no vendor',
          );
        }),
      );
  },
};

function addStats(group: Command, run: Run): void {
  group
    .command('stats')
    .description('hand-overs, and how many were accepted, delivered and led to an entered code')
    .option('--from <time>', 'ISO 8601; 7 days before --to when absent', instantOf)
    .option('--to <time>', 'ISO 8601; now when absent', instantOf)
    .addOption(new Option('--by <what>', 'one row for each').choices(['provider', 'country', 'both']).default('both'))
    .option('--html <file>', 'writes a report with plots over time into this file instead')
    .action(
      run(async ({ get, output }, { from, to, by, html }: StatsOptions) => {
        const stats = get(DeliveryStats);
        const period = stats.period(from, to);
        if (html === undefined) return output.list(rowsOf(await stats.summary(period), by), 'there were no messages');
        write(html, await get(DeliveryReport).html(period));
        output.result({ ...period, file: html }, `the report is in ${html}`);
      }),
    );
}

function addDeliveries(group: Command, run: Run): void {
  group
    .command('deliveries')
    .description('single hand-overs, newest first')
    .option('--provider <name>', 'of this vendor')
    .option('--country <code>', 'to numbers of this country, such as GB')
    .addOption(new Option('--status <status>', 'in this state').choices(['queued', 'sent', 'failed', 'delivered']))
    .option('--reference <id>', 'of this challenge: ref in the audit log', uuidOf)
    .option('--limit <count>', `at most so many, up to ${MAX_ROWS}`, countOf, DEFAULT_ROWS)
    .action(
      run(async ({ get, output }, given: DeliveryFilter & { reference?: string; limit: number }) => {
        const { reference: referenceId, limit, ...filter } = given;
        const { entries } = await get(DeliveryLog).page({ ...filter, referenceId }, '', limit);
        output.list(
          entries.map((entry) => ({ ...entry })),
          'there is none',
        );
      }),
    );
}

function addBudget(group: Command, run: Run): void {
  group
    .command('budget')
    .description('what is left of every budget, and which countries and prefixes take no strangers now')
    .action(
      run(async ({ get, output }) => {
        const budgets = get(SpendBudgets);
        const windows = (await budgets.windows()).map((window) => ({
          ...{ of: window.scope.startsWith('money:') ? 'money' : 'messages', ...window },
          closedUntil: null,
        }));
        const unverified = (await budgets.unverified()).map(({ scope, unverified: spent, cap, closedUntil }) => ({
          ...{ of: 'unverified', scope, seconds: null, cap, spent, left: Math.max(0, cap - spent) },
          ...{ resetsAt: null, closedUntil },
        }));
        output.list([...windows, ...unverified], 'there is no budget');
      }),
    );
}

function addRefusals(group: Command, run: Run): void {
  group
    .command('refusals')
    .description('messages that limits and budgets refused, by time, country and which of the two')
    .option('--from <time>', 'ISO 8601; 7 days before --to when absent', instantOf)
    .option('--to <time>', 'ISO 8601; now when absent', instantOf)
    .action(
      run(async ({ get, output }, { from, to }: Pick<StatsOptions, 'from' | 'to'>) => {
        const stats = get(DeliveryStats);
        const period = stats.period(from, to);
        const { steps } = await get(SendRefusals).overTime(period);
        output.list(
          steps.map((step) => ({ ...step })),
          'nothing was refused',
        );
      }),
    );
}

function rowsOf(summary: DeliverySummary, by: StatsOptions['by']): Row[] {
  const lists = { provider: summary.byProvider, country: summary.byCountry, both: summary.byProviderAndCountry };
  return lists[by].map(({ cost, ...figures }: Figures) => ({ ...figures, cost: costOf(cost) }));
}

function costOf(cost: Figures['cost']): Structured {
  const sums = Object.entries(cost).map(([currency, amount]) => ({ currency, amount }));
  return new Structured(sums, sums.map(({ currency, amount }) => `${amount} ${currency}`).join(', ') || '-');
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new OperatorError(`--html ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
