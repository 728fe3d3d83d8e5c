import { digitsOf } from './digits';

describe('a code that is typed or pasted', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['१२३४५६', '123456'],
    ['１２３４５６', '123456'],
    ['042424 is your Latchkey code to sign in. Never share it.', '042424'],
    ['Latchkey: use 042424 para entrar.\n\n@127.0.0.1 #042424', '042424'],
    ['no code', ''],
    ['', ''],
  ])('%j is %j', (pasted, code) => {
    expect(digitsOf(pasted)).toBe(code);
  });
});
