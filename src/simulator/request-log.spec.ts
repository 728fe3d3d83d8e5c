import { SystemClock } from '../platform/clock/system-clock';
import { NodeRandom } from '../platform/random/node-random';
import { RequestLog } from './request-log';

const request = (over: object = {}) => ({
  method: 'POST',
  path: '/v2/messages',
  query: {},
  params: {},
  headers: {},
  rawBody: '{}',
  ...over,
});
const newLog = (capacity?: number) => new RequestLog(new SystemClock(), new NodeRandom(), capacity);

describe('RequestLog', () => {
  it('never shows a key: not of a header, not of a query, but the scheme', () => {
    const log = newLog();
    log.note(
      'telnyx',
      request({
        headers: { authorization: 'Bearer KEY123', 'x-api-key': 'KEY123', 'content-type': 'application/json' },
        query: { api_secret: 'KEY123', to: '1202' },
      }),
    );
    expect(JSON.stringify(log.list())).not.toContain('KEY123');
    expect(log.list()[0]).toMatchObject({
      headers: { authorization: 'Bearer [masked]', 'x-api-key': '[masked]', 'content-type': 'application/json' },
      query: { api_secret: '[masked]', to: '1202' },
    });
  });

  it('lists what all vendors received in the order of arrival', () => {
    const log = newLog();
    log.note('telnyx', request({ rawBody: '1' }));
    log.note('infobip', request({ rawBody: '2' }));
    log.note('telnyx', request({ rawBody: '3' }));
    expect(log.list().map(({ body }) => body)).toEqual(['1', '2', '3']);
    expect(log.list('telnyx').map(({ body }) => body)).toEqual(['1', '3']);
  });

  it('keeps the newest of each provider, and of a body its beginning', () => {
    const log = newLog(1);
    log.note('telnyx', request({ rawBody: 'old' }));
    log.note('telnyx', request({ rawBody: 'x'.repeat(1_000_000) }));
    expect(log.list()).toHaveLength(1);
    expect(log.list()[0]?.body).toHaveLength(16_384);
  });
});
