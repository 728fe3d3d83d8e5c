// The test numbers of TEST_PHONES: which are valid now, and which have a given code. Each start logs them as warnings. Nothing is sent to them,
// whatever the vendor. Guesses at their codes are limited as for all numbers.
import { timingSafeEqual } from 'node:crypto';
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { type Countries, maskPhone, PhoneNumber } from '../platform/phone/phone-number';
import { type TestPhone, TestPhonesConfig } from './test-phones.config';

@Injectable()
export class TestPhones implements OnModuleInit {
  private readonly logger = new Logger('test-phones');
  private readonly all: ReadonlyMap<string, TestPhone>;

  constructor(
    config: TestPhonesConfig,
    private readonly clock: Clock,
  ) {
    this.all = new Map(config.testPhones.map((phone) => [phone.phone, phone]));
  }

  onModuleInit(): void {
    const now = this.clock.now();
    for (const { phone, endsAt } of this.all.values()) {
      const number = maskPhone(phone);
      const until = endsAt.toISOString();
      if (endsAt <= now) this.logger.warn({ msg: 'TEST_PHONES: this number is over, remove it', number, until });
      else this.logger.warn({ msg: 'TEST_PHONES: this number takes a fixed code and is sent nothing', number, until });
    }
  }

  /** @param phone E.164 */
  has(phone: string): boolean {
    return this.valid(phone) !== undefined;
  }

  /** How many digits its code has; undefined for any other number. */
  codeLength(phone: string): number | undefined {
    return this.valid(phone)?.code.length;
  }

  /** The test numbers that have this code. The comparison takes the same time for all codes of one length. */
  takers(code: string): string[] {
    const presented = Buffer.from(code);
    const takers = [...this.all.values()].filter((phone) => {
      const expected = Buffer.from(phone.code);
      return presented.length === expected.length && timingSafeEqual(presented, expected);
    });
    return takers.filter(({ phone }) => this.has(phone)).map(({ phone }) => phone);
  }

  /** Like PhoneNumber.parse, except that a test number need not be a mobile line in a served country. */
  parse(text: string, countries: Countries): PhoneNumber | undefined {
    return PhoneNumber.parse(text, { countries, exempt: (phone) => this.has(phone) });
  }

  private valid(phone: string): TestPhone | undefined {
    const found = this.all.get(phone);
    return found !== undefined && found.endsAt > this.clock.now() ? found : undefined;
  }
}
