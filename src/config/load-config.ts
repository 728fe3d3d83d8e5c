// Reads the environment once, into slices, which are frozen then. All problems are reported together, by name and reason, and without values.
import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { ConfigSlice, Environment, Problem, SliceClass } from './config-slice';
import { isSecretKey } from './fields';
import { applyDefaultLimits, limitsOff } from './limit';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(`configuration: ${problems.map(({ key, reason }) => `${key} ${reason}`).join('; ')}`);
  }
}

export class LoadedConfig {
  constructor(
    readonly environment: Environment,
    private readonly slices: ReadonlyMap<SliceClass, ConfigSlice>,
  ) {}

  /** @throws Error when the slice was not loaded, a mistake in our own code */
  get<T extends ConfigSlice>(slice: SliceClass<T>): T {
    const found = this.slices.get(slice);
    if (found === undefined) throw new Error(`configuration slice ${slice.name} was not loaded`);
    return found as T;
  }

  entries(): Iterable<[SliceClass, ConfigSlice]> {
    return this.slices;
  }
}

/**
 * @param vendorSlices loaded as well; all their settings may come from files, of other slices only secrets
 * @throws ConfigError naming every key that is missing or wrong.
 */
export function loadConfig(
  slices: readonly SliceClass[],
  variables: EnvironmentVariables,
  vendorSlices: readonly SliceClass[] = [],
): LoadedConfig {
  const problems: Problem[] = [];
  const environment = readEnvironment(variables, problems);
  const values = valuesWithFiles(variables, new Set(vendorSlices.flatMap(keysOf)), problems);
  const loaded = new Map<SliceClass, ConfigSlice>();
  for (const slice of [...slices, ...vendorSlices]) {
    const { instance, found } = readSlice(slice, values, environment);
    problems.push(...found);
    loaded.set(slice, Object.freeze(instance));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return new LoadedConfig(environment, loaded);
}

/** The settings that a slice declares. */
export function keysOf(slice: SliceClass): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(slice, '', false, false);
  return rules.map(({ propertyName }) => propertyName);
}

// When NODE_ENV is absent or misspelled the start is refused, because a production must not get the defaults of development (case A19).
function readEnvironment(variables: EnvironmentVariables, problems: Problem[]): Environment {
  const name = variables['NODE_ENV'];
  if (name !== 'production' && name !== 'development') {
    problems.push({ key: 'NODE_ENV', reason: 'must be production or development' });
  }
  return { production: name !== 'development' };
}

function readSlice(slice: SliceClass, values: Readonly<Record<string, string>>, environment: Environment) {
  const found: Problem[] = [];
  const instance = plainToInstance(slice, values, { excludeExtraneousValues: true, exposeDefaultValues: true });
  applyDefaultLimits(instance, environment);
  instance.applyDefaults(environment);
  for (const error of validateSync(instance, { forbidUnknownValues: false })) {
    const reason = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
    found.push({ key: error.property, reason });
  }
  const wrong = new Set(found.map(({ key }) => key));
  found.push(...crossProblems(instance, environment, wrong).filter(({ key }) => !wrong.has(key)));
  return { instance, found };
}

// The cross-checks of a slice expect valid fields. They are made even when a field is wrong, so that the operator sees all problems at
// once. A check that throws because of the wrong field is ignored then.
function crossProblems(instance: ConfigSlice, environment: Environment, wrong: ReadonlySet<string>): Problem[] {
  try {
    return [...limitsOff(instance, environment), ...instance.problems(environment)];
  } catch (error) {
    if (wrong.size === 0) throw error;
    return [];
  }
}

/** Empty text counts as not set. X_FILE names a file, whose trimmed content is the value of X. */
function valuesWithFiles(
  variables: EnvironmentVariables,
  ofVendors: ReadonlySet<string>,
  problems: Problem[],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '') values[key] = value;
  }
  for (const key of Object.keys(values).filter((name) => name.endsWith('_FILE') && name !== 'CLOCK_OFFSET_FILE')) {
    const target = key.slice(0, -'_FILE'.length);
    if (values[target] !== undefined || !(isOurs(target) || ofVendors.has(target))) continue;
    try {
      values[target] = readFileSync(values[key] ?? '', 'utf8').trim();
    } catch {
      problems.push({ key, reason: 'names a file that cannot be read' });
    }
  }
  return values;
}

/** Other programs have variables that end in _FILE too, such as SSL_CERT_FILE. What begins with SMS_ has come from files since 0.1.0. */
function isOurs(key: string): boolean {
  return isSecretKey(key) || key.startsWith('SMS_');
}
