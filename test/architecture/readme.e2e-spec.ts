// What the documents say is so: the session to paste, commands, routes, settings, links and cases are compared with the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Database } from '../../src/database/database.service';
import type { Sql } from '../../src/database/sql';
import { firstSession } from '../../src/start/first-session';
import { OwnClaims } from './own-claims.example';

interface OpenApi {
  readonly paths: Record<string, Record<string, { readonly requestBody?: { readonly content: Content } }>>;
  readonly components: { readonly schemas: Record<string, { readonly properties?: Record<string, unknown> }> };
}
type Content = Record<string, { readonly schema: { readonly $ref?: string } }>;

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const routesTold = `${read('docs/api.md')}${read('docs/admin-api.md')}`;
const FOLDERS = ['docs', 'deploy', 'packages', 'examples', 'src', 'test', 'web', 'bench'];
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
      .map((file) => `${folder}/${file}`),
  ),
];

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): string[] =>
  matches(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The routes of a table: `GET /a`, or several in one row, `GET /a`, `GET /b` and `POST /a`, `/b`. */
function rowsOf(text: string): string[] {
  const cells = matches(text, /^\| (`(?:GET|POST|PUT|PATCH|DELETE) .*?) *\|/gm).map((cell) =>
    cell.replaceAll('`', '').replaceAll(', GET', ','),
  );
  return cells.flatMap((cell) => {
    const [method = '', list = ''] = [cell.split(' ')[0], cell.slice(cell.indexOf(' ') + 1)];
    return list.split(', ').map((path) => `${method} ${path.trim()}`);
  });
}

describe('the documents', () => {
  it('show the first session that npm start prints, word for word', () => {
    const session = firstSession({ api: 'http://127.0.0.1:3000', simulator: 'http://127.0.0.1:3001' });
    expect(readme).toContain(`\`\`\`sh\n${session}\`\`\`\n`);
  });

  it('link only to files and headings that exist', () => {
    const isBroken = (page: string, link: string): boolean => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? join(root, page) : resolve(root, dirname(page), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    };
    const broken = pages.flatMap((page) =>
      matches(read(page), /\]\((?!https?:)([^)\s]+)\)/g)
        .filter((link) => isBroken(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('show claims of one’s own as the example that is compiled, and it gives roles to the app it names and no other', async () => {
    const shown = /```ts\n([^]*?)```/.exec(read('docs/claims.md'))?.[1] ?? 'nothing';
    // There it stands in src/auth/tokens.
    const here = shown.replaceAll("'../../", "'../../src/").replaceAll("'./", "'../../src/auth/tokens/");
    expect(read('test/architecture/own-claims.example.ts')).toContain(`\n${here}`);
    const roles: Sql = { run: <Row>() => Promise.resolve([{ role: 'buyer' }] as Row[]) };
    const claims = new OwnClaims(roles as Database);
    const given = (clientId: string) => claims.claimsFor({ id: 'x' }, { clientId, audience: 'https://api.example' });
    expect(await given('shop')).toEqual({ 'https://shop.example/roles': ['buyer'] });
    expect(await given('first-party')).toEqual({});
  });

  it('name only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const unknown = pages.flatMap((page) => {
      const text = read(page);
      const commands = matches(text, /\bnpm run ([\w:]+)/g).filter((name) => scripts[name] === undefined);
      const files = matches(text, /\bnode (scripts\/[\w.-]+)/g).filter((file) => !existsSync(join(root, file)));
      return [...commands, ...files].map((name) => `${page}: ${name}`);
    });
    expect(unknown).toEqual([]);
  });

  it('list in docs/configuration.md the settings of .env.example, all and no others', () => {
    const listed = matches(read('.env.example'), /^#?([A-Z][A-Z0-9_]*)=/gm);
    const cells = matches(read('docs/configuration.md'), /^\| [^|]+\| `([A-Z0-9_ ]+)` +\|$/gm);
    // Two providers of a vendor share keys.
    const named = new Set(cells.flatMap((cell) => cell.split(' ')));
    expect([...named].sort()).toEqual([...listed].sort());
  });

  it('list the routes of docs/openapi.json, all and no others, and in README some of them', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const documents = ['GET /docs', 'GET /openapi.json'];
    expect(rowsOf(routesTold).sort()).toEqual([...routes, ...documents].sort());
    expect(rowsOf(readme).length).toBeGreaterThan(5);
    expect(routes).toEqual(expect.arrayContaining(rowsOf(readme)));
  });

  it('name every field that a route takes in its body', () => {
    const { paths, components } = JSON.parse(read('docs/openapi.json')) as OpenApi;
    const missing = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) => {
        const isIts = (line: string) =>
          new RegExp(`^\\| \`${method.toUpperCase()} `).test(line) && line.includes(`${path}\``);
        const row = routesTold.split('\n').find(isIts) ?? '';
        const bodies = Object.values(requestBody?.content ?? {}).map(
          ({ schema }) => schema.$ref?.split('/').pop() ?? '',
        );
        const fields = bodies.flatMap((name) => Object.keys(components.schemas[name]?.properties ?? {}));
        if (/the same body|changes what is named/.test(row)) return [];
        return fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(row)).map((field) => `${path}: ${field}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it('claim in docs/cases.md only cases whose id the named file has', () => {
    const claims = [...read('docs/cases.md').matchAll(/^- \*\*([AF]\d{2,3})\*\* (.+)$/gm)];
    const empty = claims.flatMap(([, id = '', files = '']) =>
      matches(files, /\[([^\]]+)\]/g).filter((file) => !read(file).includes(id)),
    );
    expect(claims.length).toBeGreaterThan(40);
    expect(empty).toEqual([]);
  });

  it('index every decision, each with its context, decision and consequences', () => {
    const decisions = readdirSync(join(root, 'docs/adr')).filter((file) => /^\d{4}-/.test(file));
    const index = read('docs/adr/README.md');
    for (const file of decisions) {
      expect(index).toContain(`](${file})`);
      expect(matches(read(`docs/adr/${file}`), /^## (.+)$/gm)).toEqual(['Context', 'Decision', 'Consequences']);
    }
  });
});
