// One execution of a named statement: on each connection the statement is prepared and described once, and after that only bound. pg's own
// query asks for the description of the columns at each execution and reads it anew, which costs its caller more than the rows do (ADR 88).
// This one uses the interface that pg offers to packages such as pg-cursor and pg-query-stream. Invariant: on one connection the
// description of a statement never changes, since PostgreSQL refuses to run a plan whose columns have changed. A proxy may prepare the
// statement anew on another connection, so no migration may change the type of a column that is read. That is forbidden anyway: expand
// first, then contract (ADR 75).
import { type Connection as DeclaredConnection, types, type Submittable } from 'pg';
import { prepareValue } from 'pg/lib/utils';

/** The parts of pg's connection that a query may use. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts by name of statements prepared on the server, and of those on their way to it. */
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
  /** A row with every column null. All rows begin as copies of it, so that V8 gives them one shape. */
  readonly empty: Readonly<Record<string, unknown>>;
}

const NOTHING: Shape = { columns: [], empty: {} };
const described = new WeakMap<Connection, Map<string, Shape>>();

export type Callback<Row> = (error: Error | undefined | null, result?: { readonly rows: Row[] }) => void;

export class PreparedQuery<Row> implements Submittable {
  private readonly rows: Row[] = [];
  private shape: Shape | undefined;
  private broken: unknown;

  constructor(
    readonly name: string,
    readonly text: string,
    readonly values: readonly unknown[],
    public callback: Callback<Row>,
  ) {}

  /** @returns an error when the statement cannot be submitted */
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
      // A value could not be written as a parameter. The sync ends what was sent so far, and the connection stays usable.
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

/** Like pg, except that instants are written in UTC, which takes no look at the time zone. */
function textOf(value: unknown): unknown {
  return typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : prepareValue(value);
}
