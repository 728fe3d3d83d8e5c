import { answerableSender } from './sender-name';

it.each([
  ['+14155550100', '+14155550100'],
  ['447911123456', '447911123456'],
  ['80800', '80800'],
  ['Latchkey', undefined],
  ['+1 415', undefined],
  ['', undefined],
  [undefined, undefined],
])('people can answer to %s: %s', (from, sender) => {
  expect(answerableSender(from)).toBe(sender);
});
