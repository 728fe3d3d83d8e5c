// Compares the lists of the export with the schema: nothing that is stored about a person is left out of their export without a reason, and
// whatever names an account by a foreign key is deleted with it. When a table or column is added to the schema, a test fails here until
// somebody has decided about it.
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import { exportSections, notExported } from './export-sections';
import { sectionStatement } from './export-statement';

describe('the export, against the schema', () => {
  let database: OpenDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await openDatabase();
    client = database.client;
  });
  afterAll(() => database.close());

  async function column(sql: string): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(sql);
    return rows.map(({ name }) => name);
  }

  it('every table is exported, or stands in the list of those that are not, and no other is named', async () => {
    const tables = await column(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
    const decided = [...exportSections.map(({ table }) => table), ...Object.values(notExported).flat()];
    expect(decided.sort()).toEqual(tables.sort());
  });

  it.each(exportSections)(
    '$table: every column is given, or withheld for a reason, in export-sections.ts, and no other is named',
    async ({ table, given, withheld }) => {
      const columns = await column(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${table}'`,
      );
      expect([...given, ...Object.values(withheld).flat()].sort()).toEqual(columns.sort());
    },
  );

  it('no table that names a person by a foreign key is left out', async () => {
    const naming = await column(
      `SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confrelid = 'users'::regclass`,
    );
    const exported = exportSections.map(({ table }) => table);
    expect(naming.filter((table) => !exported.includes(table))).toEqual([]);
    expect(naming.length).toBeGreaterThan(2);
  });

  it('A39: whatever names a person by a foreign key goes with them', async () => {
    const staying = await column(
      `SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confrelid = 'users'::regclass AND confdeltype <> 'c'`,
    );
    expect(staying).toEqual([]);
  });

  it.each(exportSections)('$name: its statement runs, and finds nothing of nobody', async (section) => {
    const { text } = sectionStatement(section);
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await client.query(text, [nobody, null, null])).rows).toEqual([]);
  });
});
