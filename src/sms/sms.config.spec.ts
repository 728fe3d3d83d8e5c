import { SmsConfig } from './sms.config';

describe('SMS_PRICES and the vendors in it', () => {
  it.each([
    ['telnyx:US=0.0079,vonage-verify/voice:*=1.1,GB=0.04', []],
    ['GB=0.04,*=0.06', []],
    ['', []],
    ['telynx:US=0.0079', ['SMS_PRICES']],
    ['GB=0.04, twillio/voice:*=0.01', ['SMS_PRICES']],
  ])('%s: wrong is %j', (SMS_PRICES, keys) => {
    const config = Object.assign(new SmsConfig(), { SMS_PRICES });
    config.applyDefaults({ production: false });
    const problems = config.problems({ production: false });
    expect(problems.map(({ key }) => key)).toEqual(keys);
    for (const { reason } of problems) expect(reason).toContain('must name vendors out of: ');
  });
});
