// The beginning of every program that the build has put together (ADR 81): programs.js is all of their modules in one file, and beside it lies
// what V8 made of them when they were built. Finding, reading and compiling two thousand files is two thirds of a start otherwise.
// Invariant: without the kept code, or with that of another Node, the same happens, later.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { startLightly } from './platform/process/light-start';
import { nameSources } from './platform/process/source-positions';

/** As Node gives them to a module of its own; `__dirname` is this folder, where the modules would lie. */
type Bundle = (exports: object, require: NodeJS.Require, module: object, __filename: string, __dirname: string) => void;
type Programs = Readonly<Record<string, () => unknown>>;

/** The build has copied this file to the name of each program. */
const program = basename(__filename, '.js');
const folder = join(__dirname, '..');
/** In stack traces: not where it lies, because what was kept goes on naming the place where it was built. */
const BUNDLE = 'programs.js';

function keptCode(): Buffer | undefined {
  try {
    return readFileSync(join(folder, `${program}.code`));
  } catch {
    return undefined;
  }
}

function load(): Programs {
  const cachedData = keptCode();
  // The build has escaped what is not ASCII: of this, V8 keeps one byte a character.
  const script = new Script(readFileSync(join(folder, BUNDLE), 'latin1'), {
    filename: BUNDLE,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  startLightly();
  const module: { exports: Programs } = { exports: {} };
  (script.runInThisContext() as Bundle)(module.exports, require, module, join(folder, BUNDLE), __dirname);
  return module.exports;
}

nameSources(BUNDLE, folder);
load()[program]?.();
