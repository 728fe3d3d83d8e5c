// One execution of a named statement: on each connection it is prepared once and described once, then only bound. pg's own query asks for the
// description of the columns with every answer and reads it anew, which costs its caller more than the rows do (ADR 88). This one uses what
// pg offers for queries of other kinds, such as pg-cursor and pg-query-stream.
// Invariant: a connection's description of a statement never changes: PostgreSQL refuses to run a plan whose columns have changed. Behind a
// proxy, which may prepare it anew elsewhere, that holds as long as no migration changes the type of a column that is read. None may anyway:
// expand, then contract.
import {
  type Connection as DeclaredConnection,
  type PoolClient,
  type QueryResultRow,
  types,
  type Submittable,
} from 'pg';
import { prepareValue } from 'pg/lib/utils';
import { leavesConnection } from './database.errors';
import type { Connections } from './turns';

/** What pg's connection offers to a query. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void };
  /** Text by name: on the server, and on the way to it. The client keeps both. */
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(statement: { name: string; text: string }): void;
  bind(values: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(what: { type: 'P'; name: '' }): void;
  execute(portal: Record<string, never>): void;
  sync(): void;
}

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

interface Shape {
  readonly columns: readonly Column[];
  /** A row with nothing in it. All rows begin as its copies, so that V8 gives them one shape. */
  readonly empty: Readonly<Record<string, unknown>>;
}

const NOTHING: Shape = { columns: [], empty: {} };
const described = new WeakMap<Connection, Map<string, Shape>>();

type Callback<Row> = (error: Error | undefined | null, result?: { readonly rows: Row[] }) => void;

/** Runs a named statement. */
export function runPrepared<Row>(
  target: Connections | PoolClient,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return submit<Row>(target, (client, end) => {
    client.query(new PreparedQuery<Row>(name, text, values, end));
  });
}

/** Runs a statement that is planned for its values. */
export function runUnnamed<Row>(
  target: Connections | PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return submit<Row>(target, (client, end) => {
    client.query<Row & QueryResultRow>({ text, values: values as unknown[] }, end);
  });
}

/** On a connection of a pool, which gets it back unless it is broken. The pool's own query would close it after any refusal, such as a name that is taken. */
function submit<Row>(
  target: Connections | PoolClient,
  query: (client: PoolClient, end: Callback<Row>) => void,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const ask = (client: PoolClient, free: (error: unknown) => void): void => {
      let isOver = false;
      const end: Callback<Row> = (error, result) => {
        if (isOver) return;
        isOver = true;
        client.removeListener('error', end);
        free(error);
        // When the client has waited too long for an answer, there is no result.
        if (result === undefined || error) reject(error ?? new Error('no answer'));
        else resolve(result.rows);
      };
      // The pool listens only to connections that nobody has.
      client.once('error', end);
      query(client, end);
    };
    if ('release' in target) return ask(target, () => undefined);
    target.connect((error, client, release) => {
      if (client === undefined) return reject(error ?? new Error('no connection'));
      ask(client, (failure) => release(failure !== null && failure !== undefined && !leavesConnection(failure)));
    });
  });
}

class PreparedQuery<Row> implements Submittable {
  private readonly rows: Row[] = [];
  private shape: Shape | undefined;
  private broken: unknown;

  constructor(
    readonly name: string,
    readonly text: string,
    readonly values: readonly unknown[],
    public callback: Callback<Row>,
  ) {}

  /** @returns why it cannot be submitted */
  submit(declared: DeclaredConnection): Error | null {
    const connection = declared as unknown as Connection;
    const known = connection.parsedStatements[this.name] ?? connection.submittedNamedStatements[this.name];
    if (known !== undefined && known !== this.text) return new Error(`two statements are named ${this.name}`);
    this.shape = shapesOf(connection).get(this.name);
    connection.stream.cork();
    try {
      if (known === undefined) {
        connection.parse({ name: this.name, text: this.text });
        connection.submittedNamedStatements[this.name] = this.text;
      }
      connection.bind({ statement: this.name, values: this.values, valueMapper: textOf });
      if (this.shape === undefined) connection.describe({ type: 'P', name: '' });
      connection.execute({});
      connection.sync();
      return null;
    } catch (error) {
      // A value could not be written: what was sent so far is ended, and the connection stays in use.
      this.broken = error;
      connection.sync();
      return null;
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: types.getTypeParser(dataTypeID, 'text') as Column['parse'],
    }));
    this.shape = { columns, empty: Object.fromEntries(columns.map(({ name }) => [name, null])) };
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.broken !== undefined) return;
    try {
      this.rows.push(rowOf(this.shape ?? NOTHING, fields) as Row);
    } catch (error) {
      this.broken = error;
    }
  }

  handleCommandComplete(_message: unknown, connection: Connection): void {
    shapesOf(connection).set(this.name, this.shape ?? NOTHING);
  }

  handleReadyForQuery(): void {
    if (this.broken === undefined) this.callback(null, { rows: this.rows });
    else this.callback(this.broken as Error, { rows: [] });
  }

  handleError(error: Error): void {
    this.callback((this.broken as Error | undefined) ?? error, { rows: [] });
  }
}

function shapesOf(connection: Connection): Map<string, Shape> {
  let shapes = described.get(connection);
  if (shapes === undefined) described.set(connection, (shapes = new Map<string, Shape>()));
  return shapes;
}

function rowOf({ columns, empty }: Shape, fields: readonly (string | null)[]): Record<string, unknown> {
  const row = { ...empty };
  for (let at = 0; at < fields.length; at += 1) {
    const [column, text] = [columns[at], fields[at]];
    if (column !== undefined && text !== null && text !== undefined) row[column.name] = column.parse(text);
  }
  return row;
}

/** As pg writes a parameter, except that an instant is written in UTC: that needs no look at the time zone. */
function textOf(value: unknown): unknown {
  return typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : prepareValue(value);
}
