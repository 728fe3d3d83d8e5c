import { languageOf } from './language';

describe('language', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-at', 'de'],
    ['en-GB', 'en'],
    ['es-419', 'es'],
    ['pt', 'pt'],
    ['pt-BR', 'pt'],
    ['pt-PT', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hans-HK', 'zh'],
    ['cmn-TW', 'zh-Hant'],
    ['ar-EG-u-nu-latn', 'ar'],
  ])('%s is written to in %s', (tag, language) => {
    expect(languageOf(tag)).toBe(language);
  });

  it.each([[null], ['sv'], ['hi-Latn'], ['de-1'], ['x'], ['toString'], ['__proto__']])(
    '%s, which we have no text for, is written to in English',
    (tag) => {
      expect(languageOf(tag)).toBe('en');
    },
  );
});
