// What is taken from the money of a day when a vendor gets a message, beside what was taken when it was asked for.
import { PriceList } from './price-list.service';
import type { PricedMessage } from './prices';
import { SpendConfig } from './spend.config';

describe('what a message costs beyond what was counted for it', () => {
  const message: PricedMessage = { provider: 'telnyx', channel: 'sms', country: 'US', segments: 1 };

  const listWith = (given: Partial<SpendConfig>) => new PriceList(Object.assign(new SpendConfig(), given));

  it.each<[Partial<PricedMessage>, number]>([
    [{ segments: 1 }, 0],
    [{ segments: 2 }, 79],
    [{ segments: 3 }, 158],
    [{ channel: 'voice', segments: null }, 104],
  ])('A66: of %j, where a segment is 0.0079: %d ten-thousandths', (change, more) => {
    const list = listWith({ SMS_PRICES: 'telnyx:US=0.0079,telnyx/voice:US=0.0183', SMS_MONEY_PER_DAY: 5 });
    expect(list.beyondCounted(() => ({ ...message, ...change }))).toBe(more);
  });

  it('A66: nothing of a text of one segment, whatever its price', () => {
    const prices = Array.from({ length: 1000 }, (_, n) => (n / 10_000).toFixed(4));
    const more = prices.filter((price) => {
      return listWith({ SMS_PRICES: `*=${price}`, SMS_MONEY_PER_DAY: 5 }).beyondCounted(() => message) !== 0;
    });
    expect(more).toEqual([]);
  });
});
