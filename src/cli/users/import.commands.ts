// users import: accounts of another system, from a file. docs/import.md describes its fields and the codes of refusals.
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Clock } from '../../platform/clock/clock';
import { OperatorError } from '../../platform/process/operator-error';
import { UserImport } from '../../users/import/user-import.service';
import {
  fieldNames,
  type ImportOutcome,
  type ImportProgress,
  type ImportSettings,
} from '../../users/import/user-import.types';
import type { Run, Session } from '../command-group.types';
import { Progress } from '../progress';

interface ImportOptions {
  readonly format?: 'jsonl' | 'csv';
  readonly delimiter: string;
  readonly map: readonly (readonly [string, string])[];
  readonly ignoreUnknown: boolean;
  readonly verifiedEmails: boolean;
  readonly keepIds: boolean;
  readonly withoutPassword: boolean;
  readonly mustChange: boolean;
  readonly firebaseConfig?: string;
  readonly dryRun: boolean;
  readonly again: boolean;
  readonly report?: string;
}

/** The parameters of a Firebase project are a few lines. */
const MAX_CONFIG_CHARACTERS = 8192;

export function addImportCommand(group: Command, run: Run): void {
  const command = group
    .command('import <file>')
    .description('brings accounts of another system in; run again after a stop, it goes on where it was')
    .addOption(new Option('--format <format>', 'by the name of the file when absent').choices(['jsonl', 'csv']))
    .option('--delimiter <character>', 'of CSV: , ; | or tab', delimiterOf, ',')
    .option('--map <theirs=ours>', 'a field that is named otherwise; may be given several times', renaming, [])
    .option('--ignore-unknown', 'pass over fields that mean nothing here', false)
    .option('--verified-emails', 'believe emailVerified: such an address is a login name and helps to recover', false)
    .option('--keep-ids', 'accounts keep the id of the file, a UUID', false)
    .option('--without-password', 'take lines without passwordHash; such a person resets the password first', false)
    .option('--must-change', 'everybody has to choose a new password', false)
    .option(
      '--firebase-config <file>',
      'hash parameters of the Firebase project that made passwordHash and passwordSalt',
    )
    .option('--dry-run', 'only say what would be refused', false)
    .option('--again', 'begin anew though this file is done', false)
    .option('--report <file>', 'where refused lines are listed; beside the file when absent');
  command.action(run((session, file: string, options: ImportOptions) => importFile(session, file, options)));
}

async function importFile({ get, output, actor }: Session, file: string, options: ImportOptions): Promise<void> {
  const { dryRun, again, report = `${file}.refused.jsonl` } = options;
  const progress = new Progress(get(Clock));
  const settings = settingsOf(file, options);
  const outcome = await get(UserImport)
    .run({ file, settings, dryRun, again, report, actor }, (step) => progress.at(stepOf(step)))
    .finally(() => progress.end());
  const { importId, run, imported, refused, codes, isReported, doneLines: lines } = outcome;
  const record = { importId, run, dryRun, lines, imported, refused, codes, report: isReported ? report : null };
  output.result(record, textOf(outcome, dryRun, report));
}

function settingsOf(file: string, options: ImportOptions): ImportSettings {
  const { delimiter, ignoreUnknown, keepIds, withoutPassword, mustChange, verifiedEmails: trustEmails } = options;
  return {
    format: options.format ?? (/\.(csv|tsv)$/i.test(file) ? 'csv' : 'jsonl'),
    delimiter,
    renamed: Object.fromEntries(options.map),
    ignoreUnknown,
    trustEmails,
    keepIds,
    withoutPassword,
    mustChange,
    firebaseConfig: options.firebaseConfig === undefined ? undefined : contentOf(options.firebaseConfig),
  };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, MAX_CONFIG_CHARACTERS);
  } catch (error) {
    throw new OperatorError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function stepOf({ doneBytes, fileBytes, imported, refused }: ImportProgress) {
  return { done: doneBytes, total: fileBytes, note: `${imported} imported, ${refused} refused` };
}

function textOf(outcome: ImportOutcome, dryRun: boolean, report: string): string {
  const { run, imported, refused } = outcome;
  const first =
    run === 'done' ? 'this file is done already' : run === 'resumed' ? 'went on where it had stopped' : undefined;
  const sum = dryRun
    ? `a rehearsal, nothing was kept: ${imported} could be imported, ${refused} would be refused`
    : `${imported} accounts imported, ${refused} lines refused`;
  return [...(first === undefined ? [] : [first]), sum, ...refusalsOf(outcome, report)].join('\n');
}

function refusalsOf({ refused, codes, isReported }: ImportOutcome, report: string): string[] {
  if (!isReported) return [`which lines they were is no longer kept; ${report} was left as it is`];
  return refused === 0 ? [] : [...codes.map(({ code, count }) => `  ${code}: ${count}`), `which lines: ${report}`];
}

function delimiterOf(text: string): string {
  if (text === 'tab' || text === '\t') return '\t';
  if (text === ',' || text === ';' || text === '|') return text;
  throw new InvalidArgumentError('One of , ; | and tab.');
}

function renaming(text: string, before: readonly (readonly [string, string])[]) {
  const [, theirs, named] = /^([^=]{1,100})=(.+)$/.exec(text) ?? [];
  const ours = fieldNames.find((name) => name === named);
  if (theirs === undefined || ours === undefined) {
    throw new InvalidArgumentError(`Such as phoneNumber=phone; ours is one of ${fieldNames.join(', ')}.`);
  }
  return [...before, [theirs, ours] as const];
}
