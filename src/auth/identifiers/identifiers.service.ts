// Whom a text names that a person typed. Test numbers count as numbers, whatever their country (TEST_PHONES).
import { Injectable } from '@nestjs/common';
import { PhoneConfig } from '../../config/phone.config';
import { TestPhones } from '../../config/test-phones';
import type { PhoneNumber } from '../../platform/phone/phone-number';
import { identify, type Identifier } from './identifier.policy';

@Injectable()
export class Identifiers {
  constructor(
    private readonly config: PhoneConfig,
    private readonly testPhones: TestPhones,
  ) {}

  /** @returns undefined for what is no number that we send to (SMS_COUNTRIES) */
  servedPhone(text: string): PhoneNumber | undefined {
    return this.testPhones.parse(text, this.config.countries);
  }

  /** At login and when the password is forgotten: numbers of every country, as countries may be served no longer. */
  identify(text: string): Identifier {
    return identify(text, (phone) => this.testPhones.parse(phone, 'all'));
  }
}
