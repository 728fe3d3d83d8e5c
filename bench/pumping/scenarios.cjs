// The attacks, each beside people who go about their day. Most of the operator's people are in one country, as people are.
const SHARES = [
  ['GB', 0.8],
  ['US', 0.08],
  ['PL', 0.04],
  ['DE', 0.03],
  ['FR', 0.02],
  ['ES', 0.02],
  ['IT', 0.01],
];

function countryOfSomebody(random) {
  let left = random();
  for (const [country, share] of SHARES) {
    left -= share;
    if (left < 0) return country;
  }
  return 'GB';
}

/** Spread over so many hours: people of their own address, users of old. */
function day(world, { newcomers, logins, hours }, users) {
  for (let n = 0; n < newcomers; n += 1) world.newcomer(world.random() * hours, countryOfSomebody(world.random));
  for (let n = 0; n < logins; n += 1) world.login(((n + world.random()) / logins) * hours, users[n % users.length]);
}

const evenly = (count, from, hours, each) => {
  for (let n = 0; n < count; n += 1) each(from + (n / count) * hours, n);
};

function atHome(world, users, { newcomers, logins, carrier }) {
  day(world, { newcomers, logins, hours: 12 }, users);
  const address = world.numbers.address();
  for (let n = 0; n < carrier; n += 1) world.newcomer(world.random() * 12, 'GB', address);
}

const few = { newcomers: 40, logins: 40, hours: 12 };

/** The one of the targets first: what there is no time for is left out from the end. */
const scenarios = [
  {
    name: 'everything at once, among 1 000 people',
    text: 'one prefix at home, many prefixes, a drip and a botnet abroad; 300 newcomers of one carrier-NAT address, 200 of their own, 500 logins, 12 hours',
    plan(world, users) {
      day(world, { newcomers: 200, logins: 500, hours: 12 }, users);
      const carrier = world.numbers.address();
      for (let n = 0; n < 300; n += 1) world.newcomer(world.random() * 12, 'GB', carrier);
      const prefix = world.numbers.prefix('GB');
      evenly(100, 3, 1, (at) => world.attack(at, 'GB', { prefix }));
      evenly(120, 4, 1.5, (at) => world.attack(at, 'FR'));
      evenly(96, 0, 12, (at) => world.attack(at, 'ES'));
      evenly(120, 6, 1 / 6, (at, n) => world.attack(at, ['IT', 'DE'][n % 2]));
    },
  },
  {
    name: 'at home, a few prefixes',
    text: 'six prefixes of the country where most people are, 25 numbers each, within an hour; 140 newcomers of their own address, 300 of one carrier-NAT address, 560 logins, 12 hours',
    plan(world, users) {
      atHome(world, users, { newcomers: 140, logins: 560, carrier: 300 });
      const prefixes = Array.from({ length: 6 }, () => world.numbers.prefix('GB'));
      evenly(150, 2, 1, (at, n) => world.attack(at, 'GB', { prefix: prefixes[n % 6] }));
    },
  },
  {
    name: 'at home, everywhere',
    text: 'the worst place: 150 numbers of 150 prefixes and addresses of the country where most people are, within an hour, among the same 1 000 people',
    plan(world, users) {
      atHome(world, users, { newcomers: 140, logins: 560, carrier: 300 });
      evenly(150, 2, 1, (at) => world.attack(at, 'GB'));
    },
  },
  {
    name: 'one prefix',
    text: '120 consecutive numbers of one prefix, each from an address of its own, within an hour',
    plan(world, users) {
      day(world, few, users);
      const prefix = world.numbers.prefix('IT');
      evenly(120, 2, 1, (at) => world.attack(at, 'IT', { prefix }));
    },
  },
  {
    name: 'many prefixes',
    text: '150 numbers of 150 prefixes within an hour, codes asked for twice where that is allowed',
    plan(world, users) {
      day(world, few, users);
      evenly(150, 2, 1, (at) => world.attack(at, 'FR', { resend: true }));
    },
  },
  {
    name: 'slow drip',
    text: 'eight numbers an hour for a day, each of another prefix and address',
    plan(world, users) {
      day(world, { ...few, hours: 24 }, users);
      evenly(192, 0, 24, (at) => world.attack(at, 'ES'));
    },
  },
  {
    name: 'botnet of addresses',
    text: '240 addresses in ten minutes, over three countries; one of the addresses tries 40 times by itself',
    plan(world, users) {
      day(world, few, users);
      const greedy = world.numbers.address();
      evenly(240, 2, 1 / 6, (at, n) => world.attack(at, ['DE', 'IT', 'FR'][n % 3]));
      evenly(40, 2, 1 / 6, (at) => world.attack(at, 'PL', { address: greedy }));
    },
  },
  {
    name: 'with accomplices',
    text: 'many prefixes, and every sixth phone is the attackers’ own: they enter its code to look honest',
    plan(world, users) {
      day(world, few, users);
      evenly(160, 2, 2, (at, n) => world.attack(at, 'DE', { accomplice: n % 6 === 5 }));
    },
  },
  {
    name: 'at home, everywhere, few people',
    beyondTargets: true,
    text: 'the same where there are 40 newcomers of their own address, 60 of a carrier-NAT address and 40 logins in 12 hours',
    plan(world, users) {
      atHome(world, users, { newcomers: 40, logins: 40, carrier: 60 });
      evenly(150, 2, 1, (at) => world.attack(at, 'GB'));
    },
  },
  {
    name: 'at home, everywhere, for hours',
    beyondTargets: true,
    text: '40 numbers an hour from new addresses and prefixes for eight hours; 100 newcomers of their own address, 200 of a carrier-NAT address, 700 logins',
    plan(world, users) {
      atHome(world, users, { newcomers: 100, logins: 700, carrier: 200 });
      evenly(320, 2, 8, (at) => world.attack(at, 'GB'));
    },
  },
];

module.exports = { countryOfSomebody, scenarios };
