// The beginning of every program that the build has made (ADR 81). programs.js contains all their modules in one file; beside it is the
// code that V8 has compiled from it. Otherwise, finding, reading and compiling two thousand files would take two thirds of a start.
// Invariant: without that code, or with the code of another version of Node, the program does the same, only later.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { startLightly } from './platform/process/light-start';
import { nameSources } from './platform/process/source-positions';

/** The parameters that Node gives to a module. `__dirname` is this folder, where the modules would be. */
type Bundle = (exports: object, require: NodeJS.Require, module: object, __filename: string, __dirname: string) => void;
type Programs = Readonly<Record<string, () => unknown>>;

/** The build copies this file once for each program, under the program's name. */
const program = basename(__filename, '.js');
const folder = join(__dirname, '..');
/** The name in stack traces. Not the path, because the kept code goes on naming the path at which it was built. */
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
  // The build has escaped all characters outside ASCII, so V8 needs only one byte per character.
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
