// Reads phone numbers and identifiers in texts that people have typed. Test numbers (TEST_PHONES) are accepted whatever their country.
import { Injectable } from '@nestjs/common';
import { PhoneConfig } from '../../config/phone.config';
import { TestPhones } from '../../config/test-phones';
import { formerNumber, type PhoneNumber } from '../../platform/phone/phone-number';
import { identify, type Identifier } from './identifier.policy';

@Injectable()
export class Identifiers {
  constructor(
    private readonly config: PhoneConfig,
    private readonly testPhones: TestPhones,
  ) {}

  /** @returns undefined for a text that is no number of a served country (SMS_COUNTRIES) */
  servedPhone(text: string): PhoneNumber | undefined {
    return this.testPhones.parse(text, this.config.countries);
  }

  /**
   * For login, forgotten passwords and operators' searches. Accepts numbers of every country, and numbers that are none by today's plan, because an
   * account may be older than the present SMS_COUNTRIES and than a change of its country's plan.
   */
  identify(text: string): Identifier {
    return identify(text, (phone) => this.testPhones.parse(phone, 'all')?.e164 ?? formerNumber(phone));
  }
}
