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

  it.each([
    ['Shop 2024: use 042424 para entrar.', 6, '042424'],
    ['2024 Shop: 042424 is your code.', 6, '042424'],
    ['042424 is your Shop 20240 code.', 5, '20240'],
    ['Shop 2024: use 04242 para entrar.', null, '2024'],
    ['Latchkey: use 042424 para entrar.', 4, '042424'],
    ['042424', 4, '042424'],
    ['no code', 6, ''],
  ])('of %j with a length of %j told it is %j', (pasted, told, code) => {
    expect(digitsOf(pasted, told)).toBe(code);
  });
});
