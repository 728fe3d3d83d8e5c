// In development, a secret that is not configured is generated once and kept in a file of its own in LATCHKEY_DIR/secrets, so that several
// instances and the simulator use the same one. Each file is written under another name and then linked, which fails if the file exists. So
// two processes that start at once end up with the same value, and nobody reads half a secret.
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../platform/process/operator-error';
import type { EnvironmentVariables } from './load-config';
import { ownFolder } from './own-folder';

export type SecretGenerators = Readonly<
  Record<string, (known: Readonly<Record<string, string | undefined>>) => string>
>;

/** @returns the variables, with a secret for each key of `generators` that is missing. A key counts as there if its _FILE is */
export function withDevelopmentSecrets(
  variables: EnvironmentVariables,
  generators: SecretGenerators,
): Record<string, string | undefined> {
  const folder = join(ownFolder(variables), 'secrets');
  const filled: Record<string, string | undefined> = { ...variables };
  for (const [key, generate] of Object.entries(generators)) {
    if (filled[key] || filled[`${key}_FILE`]) continue;
    filled[key] = keptOnce(folder, key, () => generate(filled));
  }
  return filled;
}

/**
 * @returns the content of the file `key`. If the file does not exist, it is made with what `generate` gives, mode 0600
 * @throws OperatorError when the file cannot be read or made
 */
export function keptOnce(folder: string, key: string, generate: () => string): string {
  try {
    return readOrMade(folder, key, generate);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OperatorError(`LATCHKEY_DIR: ${join(folder, key)} cannot be read or made (${code})`);
  }
}

function readOrMade(folder: string, key: string, generate: () => string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, key);
  const draft = `${path}.${process.pid}`;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    writeFileSync(draft, generate(), { mode: 0o600 });
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8');
}
