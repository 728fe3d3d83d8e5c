import { NodeRandom } from './node-random';

describe('bytes of chance', () => {
  it('are as many as were asked for, across the supply and beyond it', () => {
    const random = new NodeRandom();
    for (const count of [0, 1, 12, 16, 32, 63, 64, 65, 5000]) {
      for (let time = 0; time < 300; time += 1) expect(random.bytes(count)).toHaveLength(count);
    }
  });

  it('are never given twice, and are nowhere else once they were given', () => {
    const random = new NodeRandom();
    const given = Array.from({ length: 5000 }, () => random.bytes(16));
    expect(new Set(given.map((bytes) => bytes.toString('hex'))).size).toBe(5000);
    // Whoever writes into what they got changes nobody else's.
    const first = random.bytes(32);
    const before = Buffer.from(first);
    for (let time = 0; time < 500; time += 1) random.bytes(32).fill(7);
    expect(first.equals(before)).toBe(true);
    const { supply, at } = random as unknown as { supply: Buffer; at: number };
    expect(supply.subarray(0, at).every((byte) => byte === 0)).toBe(true);
  });

  it('are spread evenly: each bit is set about half of the time', () => {
    const random = new NodeRandom();
    const ones = new Array<number>(64).fill(0);
    for (let time = 0; time < 4000; time += 1) {
      random.bytes(8).forEach((byte, at) => {
        for (let bit = 0; bit < 8; bit += 1) ones[at * 8 + bit] = (ones[at * 8 + bit] ?? 0) + ((byte >> bit) & 1);
      });
    }
    // Seven standard deviations of 4000 throws.
    for (const count of ones) expect(Math.abs(count - 2000)).toBeLessThan(222);
  });
});
