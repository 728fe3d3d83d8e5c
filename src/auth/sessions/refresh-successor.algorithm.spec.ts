import { createDecipheriv, hkdfSync } from 'node:crypto';
import { parse as uuidBytes } from 'uuid';
import { NodeRandom } from '../../platform/random/node-random';
import { RefreshSuccessor } from './refresh-successor.algorithm';

const successors = new RefreshSuccessor(new NodeRandom());
const context = { id: '019347b2-7c1e-7a3b-8f2d-0123456789ab', generation: 7 };
const sealed = successors.seal('rf_k1_successor', 'rf_k1_presented', context);

it('gives the successor back to whoever presents the same token, and never seals it twice alike', () => {
  expect(successors.open(sealed, 'rf_k1_presented', context)).toBe('rf_k1_successor');
  expect(successors.seal('rf_k1_successor', 'rf_k1_presented', context)).not.toEqual(sealed);
});

// ASVS 11.3.1, 11.3.2, 11.3.3
it('has the form of protocol.md 6: nonce 12, AES-256-GCM under HKDF-SHA-256 of the presented token, aad sid and generation', () => {
  const key = Buffer.from(hkdfSync('sha256', 'rf_k1_presented', '', 'latchkey/refresh-successor/v1', 32));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from([...uuidBytes(context.id), 0, 0, 0, 7])).setAuthTag(sealed.subarray(-16));
  expect(decipher.update(sealed.subarray(12, -16)).toString() + decipher.final().toString()).toBe('rf_k1_successor');
});

it('opens under no other token, for no other session or generation, and not when a byte was changed', () => {
  expect(() => successors.open(sealed, 'rf_k1_presenteD', context)).toThrow();
  expect(() => successors.open(sealed, 'rf_k1_presented', { ...context, generation: 8 })).toThrow();
  const elsewhere = { ...context, id: '019347b2-7c1e-7a3b-8f2d-0123456789ac' };
  expect(() => successors.open(sealed, 'rf_k1_presented', elsewhere)).toThrow();
  for (let at = 0; at < sealed.length; at += 1) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    expect(() => successors.open(bent, 'rf_k1_presented', context)).toThrow();
  }
  for (const cut of [0, 12, 28, sealed.length - 1]) {
    expect(() => successors.open(sealed.subarray(0, cut), 'rf_k1_presented', context)).toThrow();
  }
});
