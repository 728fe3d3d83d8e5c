import { keywordIn } from './keywords.policy';

it.each([
  'STOP',
  'stop',
  ' Stop. ',
  '"STOP"',
  'Stop all',
  'UNSUBSCRIBE',
  'Arrêt',
  'ARRET',
  'İPTAL',
  'iptal',
  '停止',
  'إلغاء',
  'बंद',
])('%p stops', (text) => expect(keywordIn(text)).toBe('stop'));

it.each(['START', 'unstop', 'Yes!', 'opt-in'])('%p starts again', (text) => expect(keywordIn(text)).toBe('start'));

it.each(['', 'please stop by', 'stop it now', '123456', 'HELP', 'nonstop', 'x'.repeat(10_000)])(
  '%p does neither',
  (text) => expect(keywordIn(text)).toBeUndefined(),
);
