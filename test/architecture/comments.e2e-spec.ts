// What comments point to is there: files of ours by name, tests by path, decisions by number, and the signs that docs/references.md explains.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const FOLDERS = ['src', 'migrations', 'test', 'bench', 'scripts', 'packages', 'web'];

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (['node_modules', 'dist', 'results'].includes(entry.name)) return [];
    return entry.isDirectory() ? filesOf(path) : [path];
  });
}

const files = FOLDERS.flatMap(filesOf);
const names = new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)));
const decisions = new Set(readdirSync(join(root, 'docs/adr')).map((file) => Number(file.slice(0, 4))));
const references = readFileSync(join(root, 'docs/references.md'), 'utf8');
/** Of our programs: each comment with the file that it is in. */
const comments = files
  .filter((file) => /^(src|migrations)\/.*\.ts$/.test(file))
  .flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*(?:\/\/|\/\*\*|\*) (.*)$/gm)].map(
      ([, text = '']): readonly [string, string] => [file, text],
    ),
  );

/** What of the pattern's first group is named in a comment and refused. */
function refused(pattern: RegExp, isThere: (name: string) => boolean): string[] {
  return comments.flatMap(([file, text]) =>
    [...text.matchAll(pattern)].filter(([, name = '']) => !isThere(name)).map(([, name = '']) => `${file}: ${name}`),
  );
}

describe('comments', () => {
  it('name only files that exist', () => {
    expect(refused(/(?:^|[\s(/])([\w-]+(?:\.[\w-]+)*\.(?:ts|cjs))\b/g, (name) => names.has(name))).toEqual([]);
  });

  it('name only tests that exist', () => {
    const isThere = (path: string): boolean =>
      existsSync(join(root, path)) || files.some((file) => file.startsWith(path.endsWith('-') ? path : `${path}.`));
    const ours = /\b(test\/(?:architecture|contract|e2e|faults|packages|races|support|threats|web)(?:\/[\w-]+)*)/g;
    expect(refused(ours, isThere)).toEqual([]);
  });

  it('name only decisions that were taken', () => {
    expect(refused(/\bADR (\d+)/g, (number) => decisions.has(Number(number)))).toEqual([]);
  });

  it('use only signs that docs/references.md explains', () => {
    const isTold = (sign: string): boolean => new RegExp(`\\b${sign.replace('.', '\\.')}\\b`).test(references);
    expect(refused(/\b(?:design )?(D\d+a?|N\d+|P\d+)\b(?=[ ,;:.)])/g, isTold)).toEqual([]);
    expect(refused(/\b(?:protocol|security)\.md (\d+(?:\.\d+)?)/g, isTold)).toEqual([]);
  });
});
