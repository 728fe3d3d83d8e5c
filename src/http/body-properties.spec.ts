// Bodies by properties: what is read is what JSON and forms say, whatever it is; what is beyond the bounds, or is neither, is one refusal.
// Nothing that can be sent makes another answer (A81, A83, A84).
import { fastify, type FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { AppError } from '../platform/errors/app-error';
import { acceptForms } from './form-body';
import { acceptJsonOnly } from './json-body';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const MAX_DEPTH = 20;
const MAX_KEYS = 100;
let server: FastifyInstance;

beforeAll(async () => {
  server = fastify({ bodyLimit: 16 * 1024 });
  acceptJsonOnly(server);
  acceptForms(server);
  server.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof AppError ? error.definition.status : 599).send({ refused: true }),
  );
  server.post('/body', { config: { forms: true } }, ({ body }, reply) => reply.send({ read: body ?? null }));
  await server.ready();
});
afterAll(() => server.close());

/** @returns what was read, or the status of the refusal */
async function sent(payload: Buffer | string, type = JSON_TYPE): Promise<unknown> {
  const answer = await server.inject({ method: 'POST', url: '/body', headers: { 'content-type': type }, payload });
  return answer.statusCode === 200 ? answer.json<{ read: unknown }>().read : answer.statusCode;
}

const inherited = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
const key = fc.string({ maxLength: 12, unit: 'grapheme' }).filter((name) => !inherited.has(name));
const leaf = fc.oneof(fc.string({ maxLength: 20, unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
const { object } = fc.letrec<{ node: unknown; object: Record<string, unknown> }>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('node'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(key, tie('node'), { maxKeys: 4, noNullPrototype: true }),
}));

const keysIn = (node: unknown): number =>
  typeof node !== 'object' || node === null
    ? 0
    : (Array.isArray(node) ? 0 : Object.keys(node).length) +
      Object.values(node)
        .map(keysIn)
        .reduce((a, b) => a + b, 0);

describe('a JSON body', () => {
  it('within its bounds is read as JSON is, spaces and escapes included', () =>
    fc.assert(
      fc.asyncProperty(object, fc.nat(3), async (value, indent) => {
        fc.pre(keysIn(value) <= MAX_KEYS);
        const text = JSON.stringify(value, null, indent);
        expect(await sent(text)).toEqual(JSON.parse(text));
        const escaped = text.replace(
          /[\u0080-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        expect(await sent(escaped)).toEqual(JSON.parse(text));
      }),
    ));

  it('cut off anywhere is refused', () =>
    fc.assert(
      fc.asyncProperty(object, fc.nat(), async (value, at) => {
        const bytes = Buffer.from(JSON.stringify(value));
        expect(await sent(bytes.subarray(0, 1 + (at % (bytes.length - 1))))).toBe(400);
      }),
    ));

  it('of any bytes at all is an object or one refusal', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const read = await sent(Buffer.from(bytes));
        expect(typeof read === 'object' || read === 400).toBe(true);
      }),
    ));

  it('is as deep and as wide as it may be, and no more', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 80, max: 120 }), async (depth, keys) => {
        const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
        expect((await sent(deep)) === 400).toBe(depth > MAX_DEPTH);
        const wide = Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, index]));
        expect((await sent(JSON.stringify(wide))) === 400).toBe(keys > MAX_KEYS);
      }),
    ));

  it('with a name that every object has is refused at any depth', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...inherited), fc.nat(MAX_DEPTH - 2), async (name, depth) => {
        const text = `${'{"a":'.repeat(depth)}{${JSON.stringify(name)}:1}${'}'.repeat(depth)}`;
        expect(await sent(text)).toBe(400);
      }),
    ));
});

describe('a form', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 12, unit: 'grapheme' }), fc.string({ minLength: 1 })), {
    minLength: 1,
    maxLength: 20,
    selector: ([name]) => name,
  });

  it('is read as it was written; a name twice is refused', () =>
    fc.assert(
      fc.asyncProperty(pairs, fc.nat(), async (given, which) => {
        const text = new URLSearchParams(given).toString();
        const expected = [...new URLSearchParams(text)].sort();
        expect(Object.entries((await sent(text, FORM_TYPE)) as object).sort()).toEqual(expected);
        const twice = [...given, [given[which % given.length]?.[0] ?? '', 'again']] as [string, string][];
        expect(await sent(new URLSearchParams(twice).toString(), FORM_TYPE)).toBe(400);
      }),
    ));

  it('of any bytes at all is an object or one refusal', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const read = await sent(Buffer.from(bytes), FORM_TYPE);
        expect(typeof read === 'object' || read === 400).toBe(true);
      }),
    ));
});
