// What happens to a system before its operator looks at the messages: the first vendor fails now and then, tells how its messages
// end, and is taken over for by the second, which tells nothing.
import type { JsonObject, ProblemBody } from './api-client';
import { startSystem, type System } from './instance';
import { Person, phoneNumbers, wrongCodes } from './person';
import { setFault } from './simulator-control';

/** Of the admin API's routes about messages. */
export const SMS = '/v1/admin/sms';
const GERMAN = '+4915112345601';

export interface Figures extends JsonObject {
  readonly handOvers: number;
  readonly provider?: string | null;
  readonly country?: string | null;
}
export interface Stats {
  readonly total: Figures;
  readonly byProvider: readonly Figures[];
  readonly byCountry: readonly Figures[];
  readonly byProviderAndCountry: readonly Figures[];
}
export interface Delivery extends JsonObject {
  readonly id: string;
  readonly provider: string | null;
  readonly status: string;
}
export interface Page<Item> extends ProblemBody {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export class SmsHistory {
  /** Everybody's numbers and codes. */
  readonly phones: string[] = [];
  readonly codes: string[] = [];
  private readonly nextPhone = phoneNumbers();

  private constructor(readonly system: System) {}

  /** A system in which all of it has happened, up to the receipts. */
  static async start(): Promise<SmsHistory> {
    const system = await startSystem({
      provider: 'telnyx,twilio',
      receipts: true,
      env: {
        // Of Americans nobody takes what the first vendor could not deliver.
        SMS_ROUTES: 'US=telnyx;*=telnyx,twilio',
        LIMIT_UNAUTHENTICATED: 'off',
        LIMIT_SMS_UNVERIFIED: '20/1h',
        LIMIT_SMS_GLOBAL: '1000/1h',
        SMS_PRICES: 'US=0.01,twilio:DE=0.09',
        SMS_CURRENCY: 'USD',
        SMS_MONEY_PER_DAY: '10',
      },
    });
    const history = new SmsHistory(system);
    try {
      await history.happens();
      return history;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The answer of a route about messages. */
  async ask<Body>(path: string): Promise<Body> {
    return (await this.system.admin.get<Body>(`${SMS}/${path}`, { token: this.system.adminKey })).body;
  }

  someone(phone = this.nextPhone()): Person {
    this.phones.push(phone);
    return new Person(this.system, phone);
  }

  /** Proves a number. */
  async joined(person = this.someone()): Promise<void> {
    const { token, code } = await person.challenged('register');
    this.codes.push(code);
    await enters(person, token, code);
  }

  /** What happens: six messages of the first vendor to the United States, one refused and carried on by the second to Germany. */
  private async happens(): Promise<void> {
    const { system } = this;
    await this.joined();
    // A resend: the second message gets the credit for the code.
    const slow = this.someone();
    const first = await slow.challenged('register');
    system.clock.advance(31);
    const after = await system.phone.newest(slow.phone);
    await slow.resend(first.token);
    await slow.codeOf(first.token, after);
    await enters(slow, first.token, first.code);
    // The first vendor refuses, the second takes over.
    await setFault(system, 'telnyx', { kind: 'status', status: 503, count: 1 });
    await this.joined(this.someone(GERMAN));
    // A code that nobody enters.
    const lazy = this.someone();
    const { token, code } = await lazy.challenged('register');
    this.codes.push(first.code, code);
    await lazy.verify(token, wrongCodes(code, 1)[0]);
    // A decoy for a taken number: its notice is a message, its code is none.
    const taken = new Person(system, this.phones[0] ?? '');
    const before = await system.phone.newest(taken.phone);
    await taken.register();
    await system.phone.messageFor(taken.phone, { after: before });
    // A number that is not reached.
    await setFault(system, 'telnyx', { kind: 'undelivered', count: 1 });
    const lost = await this.someone().register();
    await lazy.statusWhen(lost.body.challengeToken, ({ delivery }) => delivery === 'failed');
  }
}

/** @throws Error when the code is refused */
async function enters(person: Person, token: string, code: string): Promise<void> {
  const { status, text } = await person.verify(token, code);
  if (status !== 200) throw new Error(`verify: ${status} ${text}`);
}
