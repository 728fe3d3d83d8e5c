import { Clock } from '../platform/clock/clock';
import { NodeRandom } from '../platform/random/node-random';
import { Inbox, phoneFromParameter } from './inbox';

class FixedClock extends Clock {
  override now(): Date {
    return new Date('2026-01-02T03:04:05Z');
  }
}

const message = (to: string, text: string) => ({ to, text, code: null, channel: 'sms' as const });

describe('Inbox', () => {
  it('shows the messages of one phone, newest first', () => {
    const inbox = new Inbox(new FixedClock(), new NodeRandom());
    inbox.deliver('telnyx', message('+12025550123', 'one'));
    inbox.deliver('telnyx', message('+12025550199', 'other'));
    inbox.deliver('infobip', message('+12025550123', 'two'));
    expect(inbox.of('+12025550123').map(({ text, provider, at }) => [text, provider, at])).toEqual([
      ['two', 'infobip', '2026-01-02T03:04:05.000Z'],
      ['one', 'telnyx', '2026-01-02T03:04:05.000Z'],
    ]);
  });

  it('drops the oldest message beyond its capacity', () => {
    const inbox = new Inbox(new FixedClock(), new NodeRandom(), 2);
    for (const text of ['one', 'two', 'three']) inbox.deliver('telnyx', message('+12025550123', text));
    expect(inbox.of('+12025550123').map(({ text }) => text)).toEqual(['three', 'two']);
  });

  it('tells nobody any more after a subscription has ended', () => {
    const inbox = new Inbox(new FixedClock(), new NodeRandom());
    const heard: string[] = [];
    const end = inbox.subscribe({
      arrived: ({ text }) => heard.push(text),
      cleared: () => heard.push('cleared'),
    });
    inbox.deliver('telnyx', message('+12025550123', 'one'));
    inbox.clear();
    end();
    inbox.clear();
    expect(heard).toEqual(['one', 'cleared']);
  });
});

describe('phoneFromParameter', () => {
  it.each(['+12025550123', '12025550123', ' 12025550123'])('reads %p as one number', (text) => {
    expect(phoneFromParameter(text)).toBe('+12025550123');
  });

  it.each(['', '+', 'x', '++1202', '1234567890123456'])('refuses %p', (text) => {
    expect(phoneFromParameter(text)).toBeUndefined();
  });
});
