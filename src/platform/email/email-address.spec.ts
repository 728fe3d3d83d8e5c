import { canonicalEmail, maskEmail } from './email-address';

describe('an e-mail address', () => {
  it.each([
    ['Jane.Doe+News@Example.COM', 'jane.doe+news@example.com'],
    [' jane@example.com\t', 'jane@example.com'],
    ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@xn--bcher-kva.example', 'jane@xn--bcher-kva.example'],
    ['jane@ＥＸＡＭＰＬＥ.com', 'jane@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%j has one form', (text, expected) => {
    expect(canonicalEmail(text)).toBe(expected);
  });

  it.each([
    'jane',
    '@example.com',
    'jane@',
    'jane@example',
    'jane@@example.com',
    'jane@evil.example@example.com',
    'jane@127.0.0.1',
    'jane@[127.0.0.1]',
    'jane@example.com.',
    'jane@ex_ample.com',
    'jane@ex%61mple.com',
    'jane@example.com:25',
    'jane@-example.com',
    '.jane@example.com',
    'jane.@example.com',
    'ja..ne@example.com',
    'ja ne@example.com',
    '"ja ne"@example.com',
    '"a\r\nbcc: x"@example.com',
    'jane@example.com\r\nBcc: evil@example.com',
    'jane\r\n@example.com',
    'jane\u0000@example.com',
    'jane@exam\nple.com',
    'Jane <jane@example.com>',
    'jane@example.com,evil@example.com',
    // The Kelvin sign becomes a k, the long s an s, where case is folded over all of Unicode.
    '\u212Aim@example.com',
    'je\u017Fs@example.com',
    'jäne@example.com',
    `${'a'.repeat(65)}@example.com`,
    `jane@${'a.'.repeat(125)}com`,
    'jane\ud800@example.com',
  ])('A63, A85: %j is none', (text) => {
    expect(canonicalEmail(text)).toBeUndefined();
  });

  it('is masked but for its first letter and its domain', () => {
    expect(['jane.doe@example.com', 'j@example.com'].map(maskEmail)).toEqual(['j*******@example.com', 'j@example.com']);
  });
});
