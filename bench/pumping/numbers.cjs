// Numbers, addresses and chance, the same in every run.
const { join } = require('node:path');

/** mulberry32: small, fast, good enough to place people in a day. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Mobile numbers: how they begin, how many digits follow, and what a message costs in US dollars (for the sums only). */
const COUNTRIES = {
  GB: { base: '+447', digits: 9, price: 0.05 },
  US: { base: '+1415', digits: 7, price: 0.01 },
  DE: { base: '+4915', digits: 9, price: 0.1 },
  FR: { base: '+336', digits: 8, price: 0.08 },
  ES: { base: '+346', digits: 8, price: 0.08 },
  IT: { base: '+393', digits: 9, price: 0.09 },
  PL: { base: '+4850', digits: 7, price: 0.04 },
};

class Numbers {
  constructor(random) {
    this.random = random;
    this.used = new Set();
    this.addresses = 0;
    const { PhoneNumber } = require(join(__dirname, '..', '..', 'dist', 'src', 'platform', 'phone', 'phone-number.js'));
    this.parse = (text) => PhoneNumber.parse(text, { countries: 'all' });
  }

  /** A number nobody has; with a prefix, one of its ten thousand. */
  next(country, prefix) {
    const { base, digits } = COUNTRIES[country];
    for (;;) {
      const random = String(Math.floor(this.random() * 1e12)).padStart(12, '0');
      const phone = prefix === undefined ? base + random.slice(0, digits) : prefix + random.slice(0, 4);
      const parsed = this.parse(phone);
      if (parsed === undefined || parsed.country !== country || this.used.has(parsed.e164)) continue;
      this.used.add(parsed.e164);
      return parsed.e164;
    }
  }

  prefix(country) {
    return this.next(country).slice(0, -4);
  }

  /** An address nobody has. */
  address() {
    this.addresses += 1;
    return `10.${(this.addresses >> 16) & 255}.${(this.addresses >> 8) & 255}.${this.addresses & 255}`;
  }
}

module.exports = { chance, COUNTRIES, Numbers };
