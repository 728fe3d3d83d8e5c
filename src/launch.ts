// The beginning of every program that the build has made (ADR 81). programs.js contains the modules of all programs in one file. Beside it lies the
// code that V8 has compiled from that file. Without them, finding, reading and compiling two thousand files would take two thirds of a start.
// Invariant: when the compiled code is missing or of another version of Node, the program does the same, only later.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { constants, Script } from 'node:vm';
import { startLightly } from './platform/process/light-start';
import { nameSources } from './platform/process/source-positions';

/** A function with the parameters that Node gives to a module. `__dirname` is the folder of this file, where the modules would be. */
type Bundle = (exports: object, require: NodeJS.Require, module: object, __filename: string, __dirname: string) => void;
type Programs = Readonly<Record<string, () => unknown>>;

/** The name of the program: the build copies this file once for each program, under the program's name. */
const program = basename(__filename, '.js');
const folder = join(__dirname, '..');
/** The name in stack traces. It is no path, because the compiled code would go on naming the path at which it was built. */
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
