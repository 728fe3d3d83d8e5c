// audit: the audit log. Like /v1/admin/audit.
import { InvalidArgumentError } from 'commander';
import type { AuditEntry, AuditFilter } from '../audit/audit-entry.types';
import { AuditReader } from '../audit/audit-reader.service';
import { auditEvents } from '../audit/audit.types';
import { countOf, instantOf, MAX_ROWS, uuidOf } from './arguments';
import type { CommandGroup } from './command-group.types';
import { Structured } from './output';

const DEFAULT_ROWS = 50;

interface ListOptions {
  readonly type?: string;
  readonly user?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly cursor?: string;
  readonly limit: number;
}

export const auditCommands: CommandGroup = {
  name: 'audit',
  summary: 'what happened, as it was recorded',
  add(group, run) {
    group
      .command('list')
      .description('events, newest first')
      .option('--type <event>', 'of this type, such as authn_token_reuse', eventOf)
      .option('--user <id>', 'about this person', uuidOf)
      .option('--from <time>', 'ISO 8601, included', instantOf)
      .option('--to <time>', 'ISO 8601, not included', instantOf)
      .option('--cursor <id>', 'older than this event: the last id of the list before')
      .option('--limit <count>', `at most so many, up to ${MAX_ROWS}`, countOf, DEFAULT_ROWS)
      .action(
        run(async ({ get, output }, { type: event, user: userId, from, to, cursor = '', limit }: ListOptions) => {
          const filter: AuditFilter = { event, userId, from, to };
          const entries = await read(get(AuditReader), filter, cursor, limit);
          output.list(
            entries.map(({ event: type, meta, ...entry }) => ({
              ...entry,
              type,
              meta: meta === null ? null : new Structured(meta, JSON.stringify(meta)),
            })),
            'there is none',
          );
        }),
      );
  },
};

/** Refuses an unknown name, because an empty list would look as if it had never happened. */
function eventOf(text: string): string {
  if (Object.hasOwn(auditEvents, text)) return text;
  throw new InvalidArgumentError(`It must be one of ${Object.keys(auditEvents).sort().join(', ')}.`);
}

/** Reads on while a page is not full, because what is looked for may lie behind many other events. */
async function read(log: AuditReader, filter: AuditFilter, cursor: string, limit: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (let next: string | null = cursor; next !== null && entries.length < limit;) {
    const page = await log.page(filter, next, limit - entries.length);
    entries.push(...page.entries);
    next = page.nextCursor;
  }
  return entries;
}
