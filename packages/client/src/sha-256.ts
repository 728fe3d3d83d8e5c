// SHA-256 (FIPS 180-4) for many short texts in a row that begin alike: what browsers offer makes one promise per hash, and is missing on
// pages without TLS. Secrets do not come here. Tested against node:crypto.

const BLOCK = 64;
const constants = new Int32Array(64);
const start = new Int32Array(8);
fill();

/** Fractions of square and cube roots of the first primes, as the standard defines them. */
function fill(): void {
  const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  primes.forEach((prime, at) => {
    constants[at] = fraction(Math.cbrt(prime));
    if (at < 8) start[at] = fraction(Math.sqrt(prime));
  });
}

const words = new Int32Array(64);
const at = (list: Int32Array, index: number): number => list[index] ?? 0;
const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(offset + t * 4);
  for (let t = 16; t < 64; t += 1) {
    const [w15, w2] = [at(words, t - 15), at(words, t - 2)];
    const s0 = turned(w15, 7) ^ turned(w15, 18) ^ (w15 >>> 3);
    const s1 = turned(w2, 17) ^ turned(w2, 19) ^ (w2 >>> 10);
    words[t] = (at(words, t - 16) + s0 + at(words, t - 7) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, t) + at(words, t)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = at(state, index) + word));
}

/** Hashes what it was made with and what each call adds; both ASCII, each addition at most 32 characters. */
export class PrefixHash {
  private readonly state = start.slice();
  private readonly rest: Uint8Array;
  private readonly restLength: number;
  private readonly work = new Int32Array(8);

  constructor(private readonly prefix: string) {
    const bytes = Uint8Array.from(prefix, (character) => character.charCodeAt(0));
    const whole = Math.floor(bytes.length / BLOCK) * BLOCK;
    for (let offset = 0; offset < whole; offset += BLOCK) compress(this.state, bytes, offset);
    this.restLength = bytes.length - whole;
    this.rest = new Uint8Array(2 * BLOCK);
    this.rest.set(bytes.subarray(whole));
  }

  /** @returns the eight words of the hash, until the next call */
  of(addition: string): Int32Array {
    const { rest, work } = this;
    let length = this.restLength;
    for (let index = 0; index < addition.length; index += 1) rest[length++] = addition.charCodeAt(index);
    rest[length] = 0x80;
    const end = length + 9 > BLOCK ? 2 * BLOCK : BLOCK;
    rest.fill(0, length + 1, end);
    new DataView(rest.buffer).setUint32(end - 4, (this.prefix.length + addition.length) * 8);
    work.set(this.state);
    for (let offset = 0; offset < end; offset += BLOCK) compress(work, rest, offset);
    return work;
  }
}
