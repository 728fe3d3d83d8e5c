import fc from 'fast-check';
import { type FileRecord, MAX_RECORD_BYTES, type Place, RecordScanner } from './record-scanner';

const START: Place = { bytes: 0, lines: 0 };

function scan(chunks: readonly Buffer[], delimiter?: string, place = START): FileRecord[] {
  const scanner = new RecordScanner(place, delimiter);
  return [...chunks.flatMap((chunk) => [...scanner.push(chunk)]), ...scanner.end()];
}

const texts = (text: string, delimiter?: string) =>
  scan([Buffer.from(text)], delimiter).map(({ line, bytes }) => [line, bytes?.toString()]);

it('cuts JSON lines at line ends, whichever kind, and takes a last one without', () => {
  expect(texts('a\r\nb\n\n"c\nd')).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, ''],
    [4, '"c'],
    [5, 'd'],
  ]);
});

it('in CSV a line end in quotes belongs to the record, so no text in quotes can pass for a record', () => {
  expect(texts('phone,bio\n1,"a\n2,b\n"\n3,c', ',')).toEqual([
    [1, 'phone,bio'],
    [2, '1,"a\n2,b\n"'],
    [5, '3,c'],
  ]);
});

it.each([
  ['a quote in the middle of a field opens nothing', 'a"b\nc', ['a"b', 'c']],
  ['two quotes inside are one', '"a""\n"\nb', ['"a""\n"', 'b']],
  ['an empty quoted field', '"",""\nb', ['"",""', 'b']],
  ['one that is never closed takes all the rest', 'a\n"b\nc\nd', ['a', '"b\nc\nd']],
])('%s', (_rule, text, records) => {
  expect(texts(text, ',').map(([, record]) => record)).toEqual(records);
});

it('skips what is too long to its end, quotes respected, and goes on behind it', () => {
  const long = 'x'.repeat(MAX_RECORD_BYTES + 1);
  expect(texts(`a\n${long}\nb`)).toEqual([
    [1, 'a'],
    [2, undefined],
    [3, 'b'],
  ]);
  expect(texts(`a\n"${long}\ninner\n"\nb`, ',')).toEqual([
    [1, 'a'],
    [2, undefined],
    [5, 'b'],
  ]);
  expect(texts('x'.repeat(MAX_RECORD_BYTES))).toEqual([[1, 'x'.repeat(MAX_RECORD_BYTES)]]);
});

it('keeps nothing of a line that is too long, however long it gets', () => {
  const scanner = new RecordScanner(START);
  const before = process.memoryUsage().arrayBuffers;
  for (let pushed = 0; pushed < 400; pushed += 1) expect([...scanner.push(Buffer.alloc(1024 * 1024, 'x'))]).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
  expect([...scanner.push(Buffer.from('\nok\n'))].map(({ line, bytes }) => [line, bytes?.toString()])).toEqual([
    [1, undefined],
    [2, 'ok'],
  ]);
});

it('gives the same records however the bytes arrive, and from behind any record on', () => {
  const piece = fc.constantFrom('a', '"', ',', '\n', '\r\n', '""', '",', '字');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.array(fc.nat(80), { maxLength: 6 }),
      fc.constantFrom(undefined, ','),
      (pieces, cuts, delimiter) => {
        const whole = Buffer.from(pieces.join(''));
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        const records = scan([whole], delimiter);
        expect(scan(chunks, delimiter)).toEqual(records);
        expect(records.at(-1)?.end ?? 0).toBe(whole.length);
        for (const [index, { end, endLine }] of records.entries()) {
          const rest = scan([whole.subarray(end)], delimiter, { bytes: end, lines: endLine });
          expect(rest).toEqual(records.slice(index + 1));
        }
      },
    ),
    { numRuns: 500 },
  );
});
