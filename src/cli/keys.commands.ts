// keys: the keys that sign access tokens. docs/adr/0019 says what their states mean and when they change.
import { readFileSync } from 'node:fs';
import { KeyRotationService } from '../auth/tokens/key-rotation.service';
import type { Rotated, Scheduled } from '../auth/tokens/key-rotation.types';
import { OperatorError } from '../platform/process/operator-error';
import type { CommandGroup } from './command-group.types';

/** Far more than any key needs. */
const MAX_FILE_CHARACTERS = 16_384;

export const keysCommands: CommandGroup = {
  name: 'keys',
  summary: 'signing keys of access tokens',
  add(group, run) {
    group
      .command('list')
      .description('next, current and retired keys, newest first')
      .action(
        run(async ({ get, output }) =>
          output.list(
            (await get(KeyRotationService).list()).map((key) => ({ ...key })),
            '',
          ),
        ),
      );
    group
      .command('rotate')
      .description('let the next key sign: now if every verifier knows it, else as soon as they do')
      .option('--now', 'do not wait: verifiers that do not know the key yet refuse its tokens for some minutes')
      .action(
        run(async ({ get, output, actor }, { now = false }: { now?: boolean }) => {
          const done = await get(KeyRotationService).rotate(actor, { atOnce: now });
          output.result({ ...done }, 'current' in done ? rotatedText(done) : scheduledText(done));
        }),
      );
    group
      .command('import')
      .description('make an existing P-256 private key the next one')
      .argument('<file>', 'PEM (PKCS #8 or SEC 1) or JWK, not encrypted')
      .action(
        run(async ({ get, output, actor }, file: string) => {
          const imported = await get(KeyRotationService).import(contentOf(file), actor);
          output.result(
            { ...imported },
            `${imported.next} is published; it may sign from ${imported.signsFrom.toISOString()} on (keys rotate)`,
          );
        }),
      );
    group
      .command('revoke')
      .description('remove a key that somebody else may have: tokens that it signed are refused at once')
      .argument('<kid>', 'see keys list')
      .action(
        run(async ({ get, output, actor }, kid: string) => {
          const revoked = await get(KeyRotationService).revoke(kid, actor);
          output.result({ ...revoked }, `${kid} is removed, ${revoked.current} signs`);
        }),
      );
  },
};

function rotatedText({ current, retired, acceptedUntil }: Rotated): string {
  return `${current} signs; tokens of ${retired} are good until ${acceptedUntil.toISOString()} at the latest`;
}

function scheduledText({ next, signsFrom }: Scheduled): string {
  return `${next} is too young to be known by every verifier: it signs by itself from ${signsFrom.toISOString()} on`;
}

function contentOf(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= MAX_FILE_CHARACTERS) return text;
  } catch (error) {
    throw new OperatorError(`<file> ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw new OperatorError(`<file> ${file} is too long for a key`);
}
