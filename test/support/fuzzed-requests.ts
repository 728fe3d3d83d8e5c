// Requests made from the API description: fields that are there, missing, added, of another type, size or encoding, in bodies,
// queries, paths and headers. What is valid is mixed in, so that requests get past the first check.
import fc from 'fast-check';
import type { RawRequest } from './raw-http';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** By field: values that the server may take, such as a living token. */
export type Valid = Readonly<Record<string, readonly unknown[]>>;

const hostileTexts = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e\u200b',
  '../../../etc/passwd',
  "' OR 1=1 --",
  '{{7*7}}${7*7}',
  '%00%0d%0aX: 1',
  '\r\nset-cookie: a=b',
  '1e309',
  '9'.repeat(400),
  'ß'.repeat(3000),
  '2026-13-45T99:99:99Z',
  '+1415'.repeat(5),
  '00000000-0000-0000-0000-00000000000g',
];

const text = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 40 }), fc.uuid());
const anything = fc.oneof(
  text,
  fc.anything({ maxDepth: 2, withNullPrototype: false }).map((value) => JSON.stringify(value) ?? null),
  fc.constantFrom<unknown>(null, true, 0, -1, 2 ** 53, 1.5, [], {}, ['a'], { $ne: '' }, { length: 6 }),
);

function valueOf(field: string, schema: Schema, valid: Valid): fc.Arbitrary<unknown> {
  const good = [...(valid[field] ?? []), ...(schema.enum ?? [])];
  return good.length === 0
    ? anything
    : fc.oneof({ arbitrary: fc.constantFrom(...good), weight: 4 }, { arbitrary: anything, weight: 1 });
}

function bodyOf(operation: Operation, document: ApiDocument, valid: Valid): fc.Arbitrary<[string, string]> {
  const [media, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? ['application/json', undefined];
  const name = content?.schema?.$ref?.split('/').at(-1) ?? '';
  const schema = content?.schema?.properties ? content.schema : document.components.schemas[name];
  const fields = Object.fromEntries(
    Object.entries(schema?.properties ?? {}).map(([field, of]) => [field, valueOf(field, of, valid)]),
  );
  const record = fc.oneof(
    { arbitrary: fc.record(fields), weight: 3 },
    { arbitrary: fc.record(fields, { requiredKeys: [] }), weight: 1 },
    { arbitrary: fc.record({ ...fields, role: anything, __proto__: anything }, { requiredKeys: [] }), weight: 1 },
  );
  const encoded = record.map((value) =>
    media.includes('form') ? new URLSearchParams(value as Record<string, string>).toString() : JSON.stringify(value),
  );
  const broken = fc.oneof(
    encoded.map((whole) => whole.slice(0, -1)),
    text,
    fc.json({ maxDepth: 3 }),
  );
  const types = fc.constantFrom(
    'application/json; charset=utf-16',
    'text/plain',
    'multipart/form-data; boundary=x',
    '',
  );
  return fc.oneof(
    { arbitrary: fc.tuple(fc.constant(media), encoded), weight: 8 },
    { arbitrary: fc.tuple(fc.constant(media), broken), weight: 1 },
    { arbitrary: fc.tuple(types, encoded), weight: 1 },
  );
}

/** @param credentials values of Authorization to choose from, none among them */
export function requestsOf(
  path: string,
  method: string,
  document: ApiDocument,
  valid: Valid,
  credentials: readonly string[],
): fc.Arbitrary<RawRequest> {
  const operation = document.paths[path]?.[method] ?? {};
  const named = (place: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  const asText = (field: string) =>
    valueOf(field, {}, valid).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const inPath = fc.record(Object.fromEntries(named('path').map(({ name }) => [name, asText(name)])));
  const inQuery = fc.record(Object.fromEntries(named('query').map(({ name }) => [name, asText(name)])), {
    requiredKeys: [],
  });
  const body = operation.requestBody === undefined ? fc.constant(undefined) : bodyOf(operation, document, valid);
  return fc.record({ inPath, inQuery, body, authorization: fc.constantFrom(...credentials) }).map((parts) => {
    const query = new URLSearchParams(wellFormed(parts.inQuery)).toString();
    const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) =>
      encodeURIComponent((parts.inPath[name] ?? '').toWellFormed()),
    );
    return {
      method: method.toUpperCase(),
      path: query === '' ? filled : `${filled}?${query}`,
      headers: {
        ...(parts.authorization === '' ? {} : { authorization: parts.authorization }),
        ...(parts.body === undefined || parts.body[0] === '' ? {} : { 'content-type': parts.body[0] }),
      },
      ...(parts.body === undefined ? {} : { body: parts.body[1] }),
    };
  });
}

const wellFormed = (values: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, (value ?? '').toWellFormed()]));
