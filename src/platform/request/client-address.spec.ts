import * as fc from 'fast-check';
import { addressKey, clientAddress } from './client-address';

describe('the client address (A80)', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9', '203.0.113.9'],
    ['2001:0DB8:0:1::1', '2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
    ['999.1.1.1', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
    [undefined, 'unknown', 'unknown'],
  ])('%s is %s, counted as %s', (ip, address, key) => {
    expect([clientAddress(ip), addressKey(ip)]).toEqual([address, key]);
  });

  it('counts 100 addresses of one /64 as one, the next /64 apart', () => {
    const keys = Array.from({ length: 100 }, (_, n) => addressKey(`2001:db8::${(n + 1).toString(16)}`));
    expect(new Set(keys).size).toBe(1);
    expect(addressKey('2001:db8:0:1::1')).not.toBe(keys[0]);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof addressKey(text) === 'string'));
    fc.assert(fc.property(fc.ipV6(), (address) => addressKey(address) !== 'unknown'));
  });
});
