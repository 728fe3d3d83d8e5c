import { Secret } from '../../config/secret';
import { keysOf, signedHeaders } from './standard-webhook.algorithm';

describe('signatures of webhooks', () => {
  it('are those of the example that the Standard Webhooks libraries test with', () => {
    const keys = keysOf(new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'));
    const at = new Date(1_614_265_330_000);
    expect(signedHeaders(keys, 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each([
    '',
    'whsec_',
    'secret',
    'whsec_c2hvcnQ=',
    `whsec_${'A'.repeat(100)}`,
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,',
  ])('are not made with %j', (text) => {
    expect(keysOf(new Secret(text))).toEqual([]);
  });
});
