import { createHmac } from 'node:crypto';
import { KeyedDigest } from './keyed-digest';
import { Keyring } from './keyring';

const k1 = { kid: 'k1', bytes: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', bytes: Buffer.alloc(32, 2) };

// HKDF by hand (RFC 5869): one block of expansion is enough for 32 bytes.
function hkdf(secret: Buffer, info: string): Buffer {
  const prk = createHmac('sha256', Buffer.alloc(32)).update(secret).digest();
  return createHmac('sha256', prk)
    .update(info)
    .update(Buffer.from([1]))
    .digest();
}

describe('Keyring', () => {
  const ring = new Keyring([k2, k1]);

  it('derives HKDF-SHA-256 with an empty salt, a key of its own per purpose and key id', () => {
    expect(ring.derive('latchkey/otp/v1', 'k1')).toEqual(hkdf(k1.bytes, 'latchkey/otp/v1'));
    expect(ring.derive('latchkey/otp/v1', 'k2')).toEqual(hkdf(k2.bytes, 'latchkey/otp/v1'));
    expect(ring.derive('latchkey/pepper/v1', 'k1')).not.toEqual(ring.derive('latchkey/otp/v1', 'k1'));
  });

  it('makes new values under the first key id and still knows the others', () => {
    expect(ring.currentKid).toBe('k2');
    expect([ring.has('k1'), ring.has('k3')]).toEqual([true, false]);
  });

  it('answers 503 and not 401 for a key id it does not hold yet: a rotation in progress', () => {
    expect(() => ring.derive('latchkey/otp/v1', 'k3')).toThrow(expect.objectContaining({ code: 'not_ready' }) as Error);
  });
});

describe('KeyedDigest', () => {
  it('gives one text another digest for each purpose and for each current key', () => {
    const digests = new KeyedDigest(new Keyring([k1]));
    const phone = digests.digest('phone', '+12025550123');
    expect(phone).toHaveLength(32);
    expect(digests.digest('phone', '+12025550123')).toEqual(phone);
    expect(digests.digest('identifier', '+12025550123')).not.toEqual(phone);
    expect(new KeyedDigest(new Keyring([k2, k1])).digest('phone', '+12025550123')).not.toEqual(phone);
  });
});
