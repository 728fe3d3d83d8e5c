// In development, a secret that is not configured is generated once and kept in a file of its own in LATCHKEY_DIR/secrets, so that several
// instances and the simulator have the same. Each file is made complete and exclusively (link), so two processes that start at once end up
// with the same value.
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentVariables } from './load-config';

export type SecretGenerators = Readonly<
  Record<string, (known: Readonly<Record<string, string | undefined>>) => string>
>;

/** @returns the variables, with all missing keys of `generators` filled in. A key, or its _FILE, in the environment goes first */
export function withDevelopmentSecrets(
  variables: EnvironmentVariables,
  generators: SecretGenerators,
): Record<string, string | undefined> {
  const folder = join(variables['LATCHKEY_DIR'] || '.latchkey', 'secrets');
  const filled: Record<string, string | undefined> = { ...variables };
  for (const [key, generate] of Object.entries(generators)) {
    if (filled[key] || filled[`${key}_FILE`]) continue;
    filled[key] = keptOnce(folder, key, () => generate(filled));
  }
  return filled;
}

/** @returns the content of the file `key`, which is generated if it does not exist (mode 0600); the same for all who ask at once */
export function keptOnce(folder: string, key: string, generate: () => string): string {
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
