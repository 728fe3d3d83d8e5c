// The words of the hosted pages, in every language that messages are written in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages } from '../../src/platform/text/language';

type Words = Readonly<Record<string, string>>;

const folder = join(__dirname, '..', '..', 'web', 'src', 'texts');
const read = (language: string) => JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Words;
const english = read('en');
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe('the words of the pages', () => {
  it('are there in every language that messages are written in, and in no other', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(languages.map((language) => `${language}.json`).sort());
    const source = readFileSync(join(folder, 'texts.ts'), 'utf8');
    for (const language of languages) expect(source).toMatch(new RegExp(`^  '?${language}'?: '`, 'm'));
  });

  it.each(languages)('say the same things in %s, none of them empty, with the same values in them', (language) => {
    const words = read(language);
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(words)) {
      expect([key, text.trim()]).toEqual([key, expect.stringMatching(/\S/)]);
      expect([key, placeholders(text)]).toEqual([key, placeholders(english[key] ?? '')]);
    }
    if (language === 'en') return;
    const same = Object.keys(words).filter((key) => words[key] === english[key]);
    expect(same.length).toBeLessThan(12); // Code, Account, Export
  });
});
