import { writtenInstant } from '../platform/time/written-instant';
import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvBoolean, EnvSecret } from './fields';
import type { Secret } from './secret';

/** A number to which nothing is sent, and for which a fixed code is right until a given day has ended. */
export interface TestPhone {
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  /** The end of the last day on which the code is right, UTC. */
  readonly endsAt: Date;
}

const entry = /^(\+[1-9]\d{6,14})=(\d{4,10})@(\d{4}-\d{2}-\d{2})$/;
const DAY_MILLISECONDS = 86_400_000;

/** Test numbers, for reviewers of app stores and for continuous integration. Their codes are as good as passwords, so the setting is a secret. */
export class TestPhonesConfig extends ConfigSlice {
  /** +15005550006=424242@2027-01-31, comma-separated: number, code, last day. */
  @EnvSecret() TEST_PHONES?: Secret;
  /** Unless this is true, production refuses to start with TEST_PHONES. */
  @EnvBoolean() TEST_PHONES_IN_PRODUCTION: boolean = false;

  override problems({ production }: Environment): Problem[] {
    if (this.TEST_PHONES === undefined) return [];
    if (parseTestPhones(this.TEST_PHONES.reveal()) === undefined) {
      return [{ key: 'TEST_PHONES', reason: 'must look like +15005550006=424242@2027-01-31, each number once' }];
    }
    if (!production || this.TEST_PHONES_IN_PRODUCTION) return [];
    return [{ key: 'TEST_PHONES', reason: 'is refused in production unless TEST_PHONES_IN_PRODUCTION=true' }];
  }

  /** May be called only after the slice was loaded. It contains also the numbers whose last day has ended. */
  get testPhones(): readonly TestPhone[] {
    return parseTestPhones(this.TEST_PHONES?.reveal() ?? '') ?? [];
  }
}

/** @returns undefined when the text is no list of test numbers */
function parseTestPhones(text: string): readonly TestPhone[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const phones = parts.filter((part) => part !== '').map(parseTestPhone);
  const known = phones.filter((phone) => phone !== undefined);
  const isWhole = known.length === phones.length && new Set(known.map(({ phone }) => phone)).size === known.length;
  return isWhole ? known : undefined;
}

function parseTestPhone(text: string): TestPhone | undefined {
  const [, phone = '', code = '', day = ''] = entry.exec(text) ?? [];
  const start = writtenInstant(day);
  return start && { phone, code, endsAt: new Date(start.getTime() + DAY_MILLISECONDS) };
}
