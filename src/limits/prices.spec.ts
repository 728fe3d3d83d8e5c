import { expectedPrice, parsePrices, priceOf, type PricedMessage, type Prices } from './prices';
import { SpendConfig } from './spend.config';

function listOf(text: string): Prices {
  const prices = parsePrices(text);
  if (prices === undefined) throw new Error('not a list');
  return prices;
}

describe('SMS_PRICES', () => {
  const prices = listOf('telnyx:US=0.0079, telnyx:*=0.05,vonage-verify/voice:*=1.1,GB=0.04,DE=0.06123');
  const message: PricedMessage = { provider: 'telnyx', channel: 'sms', country: 'US', segments: 1 };

  it.each<[Partial<PricedMessage>, string | null]>([
    [{}, '0.007900'],
    [{ segments: 3 }, '0.023700'],
    [{ country: 'GB', segments: 2 }, '0.100000'],
    [{ country: undefined }, '0.050000'],
    [{ provider: 'sinch', country: 'GB' }, '0.040000'],
    [{ provider: 'sinch', country: 'DE', segments: 3 }, '0.183690'],
    [{ provider: 'sinch' }, null],
    [{ provider: 'vonage-verify', channel: 'voice', segments: null }, '1.100000'],
    [{ provider: 'vonage-verify', country: 'GB', segments: null }, '0.040000'],
    [{ provider: 'vonage-verify', segments: null }, null],
    [{ channel: 'voice' }, null],
  ])('a message %j is expected to cost %s', (change, price) => {
    expect(expectedPrice(prices, { ...message, ...change })).toBe(price);
  });

  it.each([
    ['US', 79],
    ['GB', 500],
    ['DE', 613],
    ['FR', 500],
  ])('budgets reckon with the dearest text to %s, in ten-thousandths rounded up', (country, price) => {
    expect(priceOf(listOf('telnyx:US=0.0079,telnyx:*=0.05,GB=0.04,DE=0.06123,sinch/voice:*=9'), country)).toBe(price);
  });

  it.each([
    ['GB=0.04,*=0.06', 'GB', 400],
    ['GB=0.04,*=0.06', 'US', 600],
    ['GB=0.04', 'US', 0],
    ['', 'US', 0],
  ])('%s makes a message to %s cost %d', (text, country, price) => {
    expect(priceOf(listOf(text), country)).toBe(price);
  });

  it.each([
    ['telnyx=0.05'],
    ['telnyx:US=5c'],
    ['US=-1'],
    ['US=0.1234567'],
    ['us=0.05'],
    ['US=0.05,US=0.06'],
    ['telnyx/fax:US=0.05'],
    ['US'],
    [','],
  ])('%s is no list of prices', (text) => {
    expect(parsePrices(text)).toBeUndefined();
  });

  it.each([
    [{ SMS_PRICES: 'telnyx:US=0.0079' }, ['SMS_CURRENCY']],
    [{ SMS_PRICES: 'telnyx:US=0.0079', SMS_CURRENCY: 'USD' }, []],
    [{}, []],
    [{ SMS_PRICES: 'US:telnyx=1', SMS_CURRENCY: 'USD' }, ['SMS_PRICES']],
    [{ SMS_MONEY_PER_DAY: 5 }, ['SMS_MONEY_PER_DAY']],
  ])('%j at the start: %j is wrong', (values, keys) => {
    const config = Object.assign(new SpendConfig(), values);
    expect(config.problems().map(({ key }) => key)).toEqual(keys);
  });
});
