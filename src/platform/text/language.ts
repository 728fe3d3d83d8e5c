// Which of our languages a person is written to, from a BCP 47 tag (RFC 4647 lookup, with the likely subtags of Unicode CLDR:
// zh-TW is written in zh-Hant). English where we have nothing in the same language and script.
import { LRUCache } from 'lru-cache';

/** pt is Brazil's, zh is simplified. */
export const languages = [
  'en',
  'de',
  'fr',
  'es',
  'pt',
  'pt-PT',
  'it',
  'nl',
  'pl',
  'tr',
  'ar',
  'hi',
  'ja',
  'zh',
  'zh-Hant',
] as const;

export type Language = (typeof languages)[number];

/** Regions that read Portugal's Portuguese (parentLocales of CLDR). */
const asInPortugal = ['AO', 'CH', 'CV', 'GQ', 'GW', 'LU', 'MO', 'MZ', 'ST', 'TL'];

/** Found when the first is asked for: ICU reads a megabyte and a half for it. */
let known: readonly { readonly language: Language; readonly locale: Intl.Locale }[] | undefined;

/** What has been asked for, because likely subtags take long to find and people speak few languages. Clients choose tags: bounded. */
const found = new LRUCache<string, Language>({ max: 500 });

/** @param tag BCP 47; one that is not well formed, or null, means English */
export function languageOf(tag: string | null): Language {
  if (tag === null) return 'en';
  const language = found.get(tag) ?? lookUp(tag);
  found.set(tag, language);
  return language;
}

function lookUp(tag: string): Language {
  const wanted = likely(tag);
  known ??= languages.map((language) => ({ language, locale: new Intl.Locale(language).maximize() }));
  const inScript = known.filter(
    ({ locale }) => locale.language === wanted?.language && locale.script === wanted.script,
  );
  const inRegion = inScript.find(({ locale }) => locale.region === wanted?.region);
  return (inRegion ?? inScript[0])?.language ?? 'en';
}

function likely(tag: string): Intl.Locale | undefined {
  try {
    const locale = new Intl.Locale(tag).maximize();
    const isAsInPortugal = locale.language === 'pt' && asInPortugal.includes(locale.region ?? '');
    return isAsInPortugal ? new Intl.Locale('pt-Latn-PT') : locale;
  } catch {
    return undefined;
  }
}
