import { hashSync } from 'bcrypt';
import { BcryptHasher } from './bcrypt-hasher';
import { NodeRandom } from '../random/node-random';
import type { ForeignHash } from './foreign/foreign-hash.types';
import { readForeignHash } from './foreign/read-foreign-hash';
import { SealedHashes } from './foreign/sealed-hashes';
import type { ImportedHashes } from './imported-hashes';
import { Keyring } from './keyring';
import { SealedBox } from './sealed-box';

const k1 = { kid: 'k1', bytes: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', bytes: Buffer.alloc(32, 2) };
const bounds = { concurrency: 2, queue: 8, maxWaitMilliseconds: 2000 };

/** @param waiting what most imported accounts have */
function hashes(secrets = [k1], waiting?: ForeignHash): ImportedHashes {
  const sealed = new SealedHashes(new SealedBox(new Keyring(secrets), new NodeRandom()));
  return { open: (stored) => sealed.open(stored), typical: () => Promise.resolve(waiting) };
}

function made(text: string): ForeignHash {
  const read = readForeignHash(text);
  if (!read.ok) throw new Error(read.refusal);
  return read.hash;
}

const hasher = (secrets = [k1], cost = 4, imported = hashes()) =>
  new BcryptHasher(new Keyring(secrets), imported, { cost, ...bounds });
const right = { ok: true, needsRehash: false };
const wrong = { ok: false, needsRehash: false };

describe('A52: every character counts', () => {
  const password = `${'Aa bB'.repeat(16)}`;

  it.each([
    ['case changed', password.toLowerCase()],
    ['trimmed', `${password} `.trimEnd().slice(0, -1)],
    ['a space added', ` ${password}`],
    ['one character changed at position 75', `${password.slice(0, 75)}x${password.slice(76)}`],
    ['the first 72 only', password.slice(0, 72)],
  ])('%s', async (_case, other) => {
    const encoded = await hasher().hash(password);
    expect(await hasher().verify(other, encoded)).toEqual(wrong);
    expect(await hasher().verify(password, encoded)).toEqual(right);
  });

  // ASVS 6.2.9
  it('64 CJK characters are 192 bytes and the last one counts', async () => {
    const encoded = await hasher().hash('字'.repeat(64));
    expect(await hasher().verify(`${'字'.repeat(63)}事`, encoded)).toEqual(wrong);
  });

  it('reads one password from two keyboards as one (NFKC)', async () => {
    const encoded = await hasher().hash('pa\u0301ssword ok');
    expect(await hasher().verify('p\u00e1ssword ok', encoded)).toEqual(right);
  });
});

describe('what is stored', () => {
  // ASVS 11.4.2
  // NIST PV-15..18
  it('names scheme, key id and cost, and differs each time', async () => {
    const encoded = await hasher().hash('correct horse');
    expect(encoded).toMatch(/^v1\$k1\$\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(await hasher().hash('correct horse')).not.toBe(encoded);
  });

  // NIST PV-19, PV-20
  it('is worthless without the pepper', async () => {
    const encoded = await hasher().hash('correct horse');
    const other = hasher([{ kid: 'k1', bytes: Buffer.alloc(32, 9) }]);
    expect(await other.verify('correct horse', encoded)).toEqual(wrong);
  });

  it.each([
    ['an older pepper', hasher([k2, k1]), () => hasher([k1]).hash('correct horse')],
    ['a lower cost', hasher([k1], 5), () => hasher([k1], 4).hash('correct horse')],
    ['plain bcrypt, as $2b', hasher(), () => Promise.resolve(hashSync('correct horse', 4))],
    ['plain bcrypt, as $2a', hasher(), () => Promise.resolve(hashSync('correct horse', 4).replace('$2b', '$2a'))],
    ['plain bcrypt, as $2y', hasher(), () => Promise.resolve(hashSync('correct horse', 4).replace('$2b', '$2y'))],
  ])('verifies and asks for a new hash: %s', async (_case, current, stored) => {
    const encoded = await stored();
    expect(await current.verify('correct horse', encoded)).toEqual({ ok: true, needsRehash: true });
    expect(await current.verify('wrong horse', encoded)).toEqual(wrong);
  });

  it('answers 503 when the pepper is not on the ring, so that a rotation locks nobody out', async () => {
    const encoded = await hasher([k2]).hash('correct horse');
    await expect(hasher([k1]).verify('correct horse', encoded)).rejects.toMatchObject({ code: 'not_ready' });
  });
});

describe('A54: no account and a wrong password are the same work', () => {
  const dummy = (cost: string) => `$2b$${cost}$${'.'.repeat(53)}`;

  it.each([
    ['no account', null],
    ['a cost of minutes', `v1$k1$${dummy('20')}`],
    ['plain bcrypt with a cost of minutes', dummy('20')],
    ['text that is no hash', 'secret'],
  ])(
    '%s never verifies',
    async (_case, encoded) => {
      expect(await hasher().verify('correct horse', encoded)).toEqual(wrong);
    },
    5000,
  );

  it('costs the hash of the configured cost, not of a constant one', async () => {
    const spent = async (cost: number): Promise<number> => {
      const subject = hasher([k1], cost);
      const before = process.cpuUsage();
      for (let i = 0; i < 3; i += 1) await subject.verify('correct horse', null);
      return process.cpuUsage(before).user;
    };
    // Whatever else the process does counts as well: the least of three is of the cheap ones themselves.
    const cheap = Math.min(await spent(4), await spent(4), await spent(4));
    const dear = await spent(9);
    expect(dear).toBeGreaterThan(cheap * 4);
  });
});

it('refuses what does not fit into the pool, for hash and verify alike', async () => {
  const small = new BcryptHasher(new Keyring([k1]), hashes(), { ...bounds, cost: 4, concurrency: 1, queue: 1 });
  const answers = await Promise.allSettled([
    small.hash('a'),
    small.verify('b', null),
    small.verify('c', null),
    small.hash('d'),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(small.stats()).toEqual({ running: 0, waiting: 0, refused: 2 });
});

describe('A54: hashes of another system and the time of an answer', () => {
  const foreign = (cost: string) => made(hashSync('their password', `$2b$${cost}$${'.'.repeat(22)}`));
  const boxes = new SealedHashes(new SealedBox(new Keyring([k1]), new NodeRandom()));

  it('are sealed, verify as they are, and are to be replaced', async () => {
    const stored = boxes.seal(foreign('05'));
    expect(stored).toMatch(/^f1\$[A-Za-z0-9+/]+=*$/);
    expect(await hasher().verify('their password', stored)).toEqual({ ok: true, needsRehash: true });
    expect(await hasher().verify('another one', stored)).toEqual(wrong);
  });

  it.each([
    ['changed', boxes.seal(foreign('05')).replace(/.{8}$/, 'AAAAAAA=')],
    ['cut', boxes.seal(foreign('05')).slice(0, 40)],
  ])('damaged ones never verify: %s', async (_how, stored) => {
    expect(await hasher().verify('their password', stored)).toEqual(wrong);
  });

  it('answer 503 when their key is not on the ring', async () => {
    const other = hasher([k2], 4, hashes([k2]));
    await expect(other.verify('x', boxes.seal(foreign('05')))).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('cost a failing login the same whether there is no account, one of ours, or one of theirs', async () => {
    // As dear as ours, so that either left out would be half of the work.
    const waiting = foreign('10');
    const subject = hasher([k1], 10, hashes([k1], waiting));
    const cases = { none: null, ours: await subject.hash('ours'), theirs: boxes.seal(waiting) };
    const spent: Record<string, number> = {};
    for (const [name, stored] of Object.entries(cases)) {
      const before = process.cpuUsage();
      for (let i = 0; i < 3; i += 1) expect(await subject.verify('wrong', stored)).toEqual(wrong);
      spent[name] = process.cpuUsage(before).user;
    }
    const all = Object.values(spent);
    expect(Math.max(...all)).toBeLessThan(Math.min(...all) * 1.4);
  });
});
