// People and attackers, each a few steps at moments of simulated time, and what became of them. Steps that lie close together are sent
// at the same time, as they would be.
const { COUNTRIES } = require('./numbers.cjs');

const PASSWORD = 'violet-harbor-41-lantern';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps of one batch: so close together, and so many at most. */
const TOGETHER = 20 * SECOND;
const AT_ONCE = 8;

class World {
  /** @param {number} start milliseconds since 1970 */
  constructor(system, numbers, random, start) {
    Object.assign(this, { system, numbers, random, start });
    this.steps = [];
    this.honest = { newcomers: 0, logins: 0, refused: [], unserved: 0 };
    this.attacks = new Map();
  }

  at(hours, step) {
    this.steps.push({ at: this.start + hours * HOUR, step });
  }

  /** Runs all steps in order of time, those included that steps add. @param {(done: number, all: number) => void} progress */
  async run(progress) {
    for (let done = 0; this.steps.length > 0;) {
      this.steps.sort((a, b) => a.at - b.at);
      const first = this.steps[0].at;
      let count = 0;
      while (count < AT_ONCE && this.steps[count] !== undefined && this.steps[count].at - first < TOGETHER) count += 1;
      const batch = this.steps.splice(0, count);
      this.system.setTime(first);
      await Promise.all(batch.map(({ step, at }) => step(at)));
      done += batch.length;
      progress(done, done + this.steps.length);
    }
  }

  after(at, seconds, step) {
    this.steps.push({ at: at + seconds * SECOND, step });
  }

  /** Registers, reads the phone within a minute, enters the code; three in a hundred never do. */
  newcomer(hours, country, address = this.numbers.address()) {
    this.at(hours, async (at) => {
      const phone = this.numbers.next(country);
      this.honest.newcomers += 1;
      const { status, body } = await this.system.post('/v1/auth/register', { phone, password: PASSWORD }, address);
      if (status !== 202) return this.refuse(at, 'newcomer', country, `${status} ${body.code}`);
      if (this.random() < 0.03) return;
      this.after(at, 5 + this.random() * 55, (later) =>
        this.enter(later, phone, body.challengeToken, address, country),
      );
    });
  }

  async enter(at, phone, challengeToken, address, country, notThis) {
    const { code } = await this.system.code(phone, notThis);
    const { status, body } = await this.system.post('/v1/auth/otp/verify', { challengeToken, code }, address);
    if (status !== 200) this.refuse(at, 'verify', country, `${status} ${body.code}`);
    return status === 200;
  }

  /** A user of old logs in, wherever the attack is. */
  login(hours, { phone, address, country }) {
    this.at(hours, async (at) => {
      this.honest.logins += 1;
      const before = await this.newest(phone);
      const credentials = { identifier: phone, password: PASSWORD };
      const { status, body } = await this.system.post('/v1/auth/login', credentials, address);
      if (status !== 200) return this.refuse(at, 'login', country, `${status} ${body.code}`);
      this.after(at, 5 + this.random() * 55, (later) =>
        this.enter(later, phone, body.challengeToken, address, country, before),
      );
    });
  }

  async newest(phone) {
    const response = await fetch(`${this.system.simulator.ready.simulator}/inbox/${encodeURIComponent(phone)}`);
    return (await response.json())[0]?.id;
  }

  refuse(at, who, country, why) {
    this.honest.refused.push({ hours: (at - this.start) / HOUR, who, country, why });
  }

  /** One try of an attacker. @param {object} options accomplice: the phone is theirs, and they enter the code to look honest */
  attack(hours, country, { prefix, address, resend = false, accomplice = false } = {}) {
    this.at(hours, async (at) => {
      const phone = this.numbers.next(country, prefix);
      const from = address ?? this.numbers.address();
      const { status, body } = await this.system.post('/v1/auth/register', { phone, password: PASSWORD }, from);
      this.note(at, country, status === 202 ? 'taken' : body.code, accomplice);
      if (status !== 202) return;
      if (accomplice) {
        this.after(at, 20, async (later) => void (await this.enter(later, phone, body.challengeToken, from, country)));
      }
      if (resend && !accomplice) {
        this.after(at, 61, async (later) => {
          const again = await this.system.post('/v1/auth/otp/resend', { challengeToken: body.challengeToken }, from);
          // A cooldown is no closing.
          if (again.body.code !== 'rate_limited')
            this.note(later, country, again.status === 202 ? 'taken' : again.body.code);
        });
      }
    });
  }

  /** @param {string} outcome taken, or the code of the refusal */
  note(at, country, outcome, accomplice = false) {
    const taken = outcome === 'taken';
    const attack = this.attacks.get(country) ?? {
      tries: 0,
      lost: 0,
      verified: 0,
      lostUntilClosed: 0,
      closedAt: null,
      line: [],
    };
    this.attacks.set(country, attack);
    const hours = (at - this.start) / HOUR;
    attack.tries += 1;
    if (taken && accomplice) attack.verified += 1;
    if (taken && !accomplice) attack.lost += 1;
    if (!taken && attack.closedAt === null) {
      attack.closedAt = hours;
      attack.lostUntilClosed = attack.lost;
    }
    attack.line.push([hours, attack.tries, attack.lost]);
  }

  /** What it came to. */
  result() {
    const attacks = [...this.attacks].map(([country, attack]) => {
      const lostUntilClosed = attack.closedAt === null ? attack.lost : attack.lostUntilClosed;
      const money = (messages) => messages * COUNTRIES[country].price;
      return {
        country,
        ...attack,
        lostUntilClosed,
        money: money(attack.lost),
        moneyUntilClosed: money(lostUntilClosed),
      };
    });
    const people = this.honest.newcomers + this.honest.logins;
    const loginsRefused = this.honest.refused.filter(({ who }) => who === 'login').length;
    return { attacks, ...this.honest, people, loginsRefused };
  }
}

module.exports = { HOUR, PASSWORD, World };
