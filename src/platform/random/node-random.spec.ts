import { NodeRandom } from './node-random';

describe('NodeRandom', () => {
  it('gives no byte twice, however many are asked for at a time', () => {
    const random = new NodeRandom();
    const given = new Set<string>();
    // More than it draws ahead, in sizes that do not divide that.
    for (let turn = 0; turn < 500; turn += 1) {
      for (const count of [12, 16, 32, 64, 65, 300]) given.add(random.bytes(count).toString('hex'));
    }
    expect(given.size).toBe(3000);
    expect([...given].filter((hex) => /^0+$|(?:00){8}/.test(hex))).toEqual([]);
  });

  it('what it has given cannot be changed through what it gives next', () => {
    const random = new NodeRandom();
    const first = random.bytes(32);
    const before = first.toString('hex');
    random.bytes(32).fill(0);
    expect(first.toString('hex')).toBe(before);
    expect(first.byteOffset + first.buffer.byteLength).toBe(32);
  });
});
