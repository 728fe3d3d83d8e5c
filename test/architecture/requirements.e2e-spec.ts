// Each requirement of ASVS and NIST that applies is shown by a test, documented on a page, or has the reason for its gap.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Catalogue {
  readonly name: string;
}
interface Dump {
  readonly catalogues: readonly Catalogue[];
  readonly problems: (catalogue: Catalogue) => string[];
  readonly render: (catalogue: Catalogue) => string;
}
interface Row {
  readonly id: string;
  readonly level?: number;
  readonly pages?: readonly string[];
}

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { catalogues, problems, render } = jest.requireActual<Dump>('../../scripts/dump-requirements.cjs');

/** The anchor that a heading gets. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe.each(catalogues)('the requirements of $name', (catalogue) => {
  const rows = JSON.parse(read(`test/requirements/${catalogue.name}.json`)) as Row[];

  it('are each shown, documented or explained, and no test claims one that is not listed', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(problems(catalogue)).toEqual([]);
  });

  it('are the page that the script makes of them (node scripts/dump-requirements.cjs)', () => {
    expect(read(`docs/security/${catalogue.name}.md`)).toBe(render(catalogue));
  });

  it('name pages and headings that exist', () => {
    for (const page of rows.flatMap(({ pages = [] }) => pages)) {
      const [path = '', heading] = page.split('#');
      expect([page, existsSync(join(root, path))]).toEqual([page, true]);
      if (heading === undefined) continue;
      const headings = [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => anchor(text));
      expect([page, headings.includes(heading)]).toEqual([page, true]);
    }
  });
});
