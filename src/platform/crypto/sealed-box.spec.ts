import fc from 'fast-check';
import { NodeRandom } from '../random/node-random';
import { Keyring } from './keyring';
import { SealedBox } from './sealed-box';

const k1 = { kid: 'k1', bytes: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', bytes: Buffer.alloc(32, 2) };
const boxes = new SealedBox(new Keyring([k1]), new NodeRandom());
const plain = Buffer.from('a private key');

it('opens what it sealed, also after the key stopped being current', () => {
  const box = boxes.seal(plain, 'signing_keys/a');
  const rotated = new SealedBox(new Keyring([k2, k1]), new NodeRandom());
  expect(rotated.open(box, 'signing_keys/a')).toEqual({ ok: true, plain });
  expect(box.includes(plain)).toBe(false);
});

// ASVS 11.3.4
it('never makes the same box twice', () => {
  expect(boxes.seal(plain, 'x')).not.toEqual(boxes.seal(plain, 'x'));
});

it('does not open a box that was moved to another context', () => {
  const box = boxes.seal(plain, 'totp_secrets/alice');
  expect(boxes.open(box, 'totp_secrets/bob')).toEqual({ ok: false, reason: 'damaged' });
});

// ASVS 11.3.1, 11.3.2, 11.3.3
it('does not open a box with any one bit changed, and any bytes at all give a refusal instead of an exception', () => {
  const box = boxes.seal(plain, 'x');
  for (let bit = 0; bit < box.length * 8; bit += 1) {
    const changed = Buffer.from(box);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(boxes.open(changed, 'x').ok).toBe(false);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => !boxes.open(Buffer.from(bytes), 'x').ok));
});

it('tells a box whose key has left the ring', () => {
  const elsewhere = new SealedBox(new Keyring([k2]), new NodeRandom());
  expect(elsewhere.open(boxes.seal(plain, 'x'), 'x')).toEqual({ ok: false, reason: 'unknown_key' });
});
