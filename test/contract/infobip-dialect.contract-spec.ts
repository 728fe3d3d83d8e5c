// The simulated Infobip SMS refuses a bad request with a 400 and a bad message inside a 200, and takes a message id once.
import { dialect } from '../../src/sms/providers/infobip/infobip.dialect';
import { DialectBench } from './dialect-bench';

const authorization = ({ INFOBIP_API_KEY }: Readonly<Record<string, string>>) => `App ${INFOBIP_API_KEY}`;
const text = 'Your code is 123456.\n\n@localhost #123456';

describe('the Infobip SMS dialect', () => {
  let bench: DialectBench;
  beforeEach(() => {
    bench = new DialectBench(dialect, authorization);
  });

  const send = (destinations: unknown = [{ to: '41793026727' }], content: unknown = { text }) => {
    const body = { messages: [{ sender: 'Latchkey', destinations, content }] };
    return bench.call('POST', '/sms/3/messages', { body });
  };
  const status = (groupId: number, groupName: string, id: number, name: string) => ({ groupId, groupName, id, name });

  it('accepts a message as pending and puts it on the phone', () => {
    const { status: httpStatus, body } = send([{ to: '41793026727', messageId: 'ours-1' }]);
    expect(httpStatus).toBe(200);
    const message = {
      messageId: 'ours-1',
      destination: '41793026727',
      status: status(1, 'PENDING', 26, 'PENDING_ACCEPTED'),
    };
    expect(body).toMatchObject({ messages: [message] });
    expect(body).not.toHaveProperty('bulkId');
    expect(bench.phone).toMatchObject([{ to: '+41793026727', text, code: '123456', channel: 'sms' }]);
  });

  it('takes the older v2 as well, with the text beside the destinations, and answers in its words', () => {
    const v2 = (destinations: unknown) =>
      bench.call('POST', '/sms/2/text/advanced', { body: { messages: [{ from: 'Latchkey', destinations, text }] } });
    const [pending, missing] = [status(1, 'PENDING', 26, 'PENDING_ACCEPTED'), status(5, 'REJECTED', 51, 'MISSING_TO')];
    const { status: httpStatus, body } = v2([{ to: '41793026727', messageId: 'ours-1' }, { to: '' }]);
    expect(httpStatus).toBe(200);
    expect(body).toMatchObject({
      messages: [
        { messageId: 'ours-1', to: '41793026727', status: pending, smsCount: 1 },
        { to: '', status: missing },
      ],
    });
    expect(bench.phone).toMatchObject([{ to: '+41793026727', code: '123456' }]);
    expect(v2([])).toMatchObject({ status: 400, body: { errorCode: 'E400' } });
  });

  it('refuses a message id that was used inside a 200, and sends once', () => {
    send([{ to: '41793026727', messageId: 'ours-1' }]);
    const again = send([{ to: '41793026727', messageId: 'ours-1' }]);
    const duplicate = status(5, 'REJECTED', 23, 'REJECTED_DUPLICATE_MESSAGE_ID');
    expect(again).toMatchObject({ status: 200, body: { messages: [{ status: duplicate }] } });
    expect(bench.phone).toHaveLength(1);
    expect(send([{ to: '41793026727', messageId: 'ours-2' }])).toMatchObject({
      body: { messages: [{ status: { groupId: 1 } }] },
    });
  });

  it('makes an id of its own for a message without one, and a bulk id for several', () => {
    const { body } = send([{ to: '41793026727' }, { to: '1' }]);
    const { messages, bulkId } = body as {
      messages: { messageId: string; status: { groupId: number } }[];
      bulkId: string;
    };
    expect(bulkId).toMatch(/^\d+$/);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(2);
    expect(messages.map(({ status: { groupId } }) => groupId)).toEqual([1, 5]);
    expect(bench.phone).toHaveLength(1);
  });

  it.each([
    ['a number that is none', [{ to: '1' }], { text }, status(5, 'REJECTED', 8, 'REJECTED_PREFIX_MISSING')],
    ['an empty number', [{ to: '' }], { text }, status(5, 'REJECTED', 51, 'MISSING_TO')],
    [
      'a text of 4001 bytes',
      undefined,
      { text: 'x'.repeat(4001) },
      status(5, 'REJECTED', 25, 'REJECTED_MESSAGE_TOO_LONG'),
    ],
  ])('answers 200 to %s, rejects it and sends nothing', (_what, destinations, content, expected) => {
    expect(send(destinations, content)).toMatchObject({ status: 200, body: { messages: [{ status: expected }] } });
    expect(bench.phone).toEqual([]);
  });

  it.each([
    ['no number', [{}], { text }, 'messages[0].destinations[0].to'],
    ['no destination', [], { text }, 'messages[0].destinations'],
    ['no text', undefined, {}, 'messages[0].content'],
    ['no content', undefined, undefined, 'messages[0].content'],
  ])('answers 400 to %s and names the field', (_what, destinations, content, property) => {
    const refused = send(destinations, content ?? null);
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'E400', violations: [{ property }] } });
  });

  it('answers 400 to a body that is not JSON', () => {
    const refused = bench.call('POST', '/sms/3/messages', { body: 'to=1' });
    expect(refused).toMatchObject({ status: 400, body: { violations: [{ property: 'messages' }] } });
  });

  it.each(['App wrong', 'Bearer wrong', ''])('refuses the key "%s" and sends nothing', (wrong) => {
    const headers = { authorization: wrong };
    expect(bench.call('POST', '/sms/3/messages', { body: {}, headers })).toMatchObject({
      status: 401,
      body: { errorCode: 'E401' },
    });
    expect(bench.phone).toEqual([]);
  });
});
