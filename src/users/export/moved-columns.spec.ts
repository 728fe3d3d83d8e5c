// Compares what travels when accounts move with the schema and with the fields of the file: no column of an account is lost on the way without
// a reason. That those columns arrive is shown by test/e2e/full/user-import-accounts.
import { openDatabase } from '../../../test/support/database';
import { moves, stays, withTheHash } from '../../../test/support/moved-columns';
import { fieldNames } from '../import/user-import.types';

it('every column of an account travels, or stays behind for a reason, and no other is named', async () => {
  const database = await openDatabase();
  const { rows } = await database.client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'users'`,
  );
  await database.close();
  const decided = [...Object.keys(moves), ...Object.values(stays).flat()];
  expect(decided.sort()).toEqual(rows.map(({ name }) => name).sort());
});

it('every field of the file is a column that travels, or belongs to the hash', () => {
  expect([...Object.values(moves), ...withTheHash].sort()).toEqual([...fieldNames].sort());
});
