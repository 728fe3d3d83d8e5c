// What holds for the reader of every vendor's webhooks, whatever comes: it never throws, what nobody has signed is refused as that, and
// what it makes of signed bytes can be stored as it is. The documents of its fixtures are the seed of what is tried.
import fc from 'fast-check';
import type { ReceiptEvent, ReceiptReading, WebhookRequest } from '../../src/sms/contract/receipt';
import { providerDefinitions } from '../../src/sms/providers';
import { FixedClock, readerOf, receiptFixtureOf } from '../contract/vendor-fixtures';

type Unsigned = Omit<WebhookRequest, 'headers'>;
/** As the vendor signs, under the keys of its fixture. @returns all headers, names in lower case */
export type Sign = (
  request: Unsigned,
  at: Date,
  keys: Readonly<Record<string, string>>,
) => Readonly<Record<string, string>>;
type Write = (value: unknown) => string;

const ORIGIN = 'https://auth.example.com';
/** Where readers go wrong: names that every object has, times that no database takes, what is no text of ours, another depth. */
const oddities: readonly unknown[] = [
  ...['constructor', '__proto__', '-200000-01-01T00:00:00Z', 'a\u0000b', 'x'.repeat(3000), 'order-17', ''],
  ...[null, 1e300, [], {}],
];
const odd = fc.oneof(fc.constantFrom(...oddities), fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }));

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const kinds = 'undelivered expired opted_out blocked invalid_number unsupported_destination out_of_credit'.split(' ');
const isNone = (value: unknown): value is undefined => value === undefined;

/** @returns the fields of an event that no table would take, or that say what a receipt may not say */
function unfit(event: ReceiptEvent): string[] {
  const { kind, providerId, at } = event;
  const isTime = at === null || (at >= new Date(0) && at < new Date('9999-12-31T23:59:59.999Z'));
  const both = { providerId: /^[\x21-\x7e]{1,128}$/.test(providerId), at: isTime };
  const holds = { ...both, ...(kind === 'delivery' ? deliveryHolds(event) : inboundHolds(event)) };
  return Object.entries(holds).flatMap(([field, isFit]) => (isFit ? [] : [field]));
}

function deliveryHolds({ reference, status, failure, price }: ReceiptEvent & { kind: 'delivery' }) {
  const code = failure?.vendorCode;
  return {
    reference: isNone(reference) || uuid.test(reference),
    status: ['sent', 'delivered', 'failed'].includes(status),
    failure: (failure !== undefined) === (status === 'failed') && (isNone(failure) || kinds.includes(failure.kind)),
    vendorCode: isNone(code) || (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(code) && !/\d{6}/.test(code)),
    price: isNone(price) || (/^\d{1,6}(\.\d{1,8})?$/.test(price.amount) && /^[A-Z]{3}$/.test(price.currency)),
  };
}

function inboundHolds({ from, to, text, optOut }: ReceiptEvent & { kind: 'inbound' }) {
  return {
    from: /^\+[1-9]\d{6,14}$/.test(from),
    to: /^[^\p{Cc}\p{Cs}]{1,64}$/u.test(to),
    text: typeof text === 'string',
    optOut: [undefined, 'stop', 'start'].includes(optOut),
  };
}

/** Every document with one value, at any depth, in place of another. */
function changed(document: unknown, at: number, value: unknown): unknown {
  let left = at;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(document);
}
const nodesIn = (node: unknown): number =>
  typeof node === 'object' && node !== null
    ? 1 + Object.values(node).reduce<number>((n, one) => n + nodesIn(one), 0)
    : 1;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const json: { read: (body: string) => unknown; write: Write } = { read: JSON.parse, write: (v) => JSON.stringify(v) };
const form: typeof json = {
  read: (body) => Object.fromEntries(new URLSearchParams(body)),
  write: (value) => {
    const fields = new URLSearchParams();
    for (const [key, one] of Object.entries(Object(value) as object)) fields.append(key, textOf(one));
    return fields.toString();
  },
};

function parsed(read: (body: string) => unknown, body: string): unknown {
  try {
    return read(body);
  } catch {
    return undefined;
  }
}

/** Its keys at every depth, and no values. */
function formOf(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  return `{${Object.entries(node)
    .map(([key, inner]) => key + formOf(inner))
    .join()}}`;
}

/** Declares the tests of one definition: the cases of its fixture, and whatever else may come. @param bodies what it posts */
export function readsWhateverComes(name: string, bodies: 'json' | 'form', sign: Sign): void {
  const { read, write } = bodies === 'json' ? json : form;
  const fixture = receiptFixtureOf(name);
  const clock = new FixedClock(new Date(fixture.now));
  const definition = providerDefinitions.find((one) => one.name === name);
  if (definition === undefined) throw new Error(`${name} is not in the registry`);
  const keys = fixture.environment;
  const reader = readerOf(definition, keys, clock);
  // One of each form that its fixture has.
  const forms = new Map<string, unknown>();
  for (const { request, reading } of fixture.cases) {
    const document = parsed(read, request.body);
    if (document !== undefined) forms.set(`${formOf(document)} ${formOf(reading)}`, document);
  }
  const documents = [...forms.values()];

  function requestOf(body: Buffer | string, query = ''): Unsigned {
    const path = `/webhooks/sms/${name}${query}`;
    return { method: 'POST', url: ORIGIN + path, path, rawBody: Buffer.from(body as string) };
  }
  function signed(body: Buffer | string, query?: string): ReceiptReading {
    const request = requestOf(body, query);
    return reader.read({ ...request, headers: sign(request, clock.now(), keys) });
  }
  /** What is wrong with a reading of something signed. */
  function wrongWith(reading: ReceiptReading): unknown {
    if (!reading.ok) return reading.refusal === 'unreadable' ? [] : reading.refusal;
    return reading.events.flatMap(unfit);
  }

  it.each(fixture.cases)('$name', ({ now = fixture.now, environment, request, reading }) => {
    const { method = 'POST', url = `${ORIGIN}/webhooks/sms/${name}`, headers, body } = request;
    const { pathname, search } = new URL(url);
    const played = { method, url, path: `${pathname}${search}`, headers, rawBody: Buffer.from(body) };
    const then = readerOf(definition, { ...keys, ...environment }, new FixedClock(new Date(now)));
    expect(JSON.parse(JSON.stringify(then.read(played)))).toEqual(reading);
  });

  it('signed here as its vendor signs, its documents are read', () => {
    const readings = documents.map((document) => signed(write(document)));
    expect(readings.filter((reading) => reading.ok && reading.events.length > 0).length).toBeGreaterThan(0);
  });

  it('of its documents with any odd value anywhere it makes what can be stored, or nothing', () => {
    const found = documents.flatMap((document) =>
      Array.from({ length: nodesIn(document) }, (_, at) => at).flatMap((at) =>
        oddities.flatMap((value) => {
          const wrong = wrongWith(signed(write(changed(document, at, value))));
          return Array.isArray(wrong) && wrong.length === 0 ? [] : [{ at, value, wrong }];
        }),
      ),
    );
    expect(found).toEqual([]);
  });

  it('of any document at all, behind any query, it makes what can be stored, or nothing', () => {
    const body = fc.oneof(
      fc
        .tuple(fc.constantFrom(...documents), fc.nat(60), odd)
        .map(([one, at, value]) => write(changed(one, at, value))),
      fc.jsonValue().map(write),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    );
    const query = odd.map((value) => `?reference=${encodeURIComponent(textOf(value).toWellFormed())}`);
    fc.assert(
      fc.property(body, fc.option(query, { nil: '' }), (bytes, behind) => {
        expect(wrongWith(signed(bytes, behind))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('A88: what nobody has signed is refused as that, whatever it says', () => {
    // Each header as it was for another body, as anybody may write it, or none.
    const overheard = Object.entries(sign(requestOf('{"another":"body"}'), clock.now(), keys));
    const headers = fc.record(
      Object.fromEntries(
        overheard.map(([header, value]) => [header, fc.oneof(fc.constant(value), fc.string(), fc.base64String())]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(headers, fc.oneof(odd.map(write), fc.constantFrom(...documents).map(write)), (given, body) => {
        const reading = reader.read({ ...requestOf(body), headers: given });
        expect([
          { ok: false, refusal: 'bad_signature' },
          { ok: false, refusal: 'stale' },
        ]).toContainEqual(reading);
      }),
      { numRuns: 100 },
    );
  });
}
