// In which of our languages a person is written to, chosen by a BCP 47 tag (RFC 4647 lookup, with the likely subtags of Unicode CLDR, so that
// zh-TW gives zh-Hant). English when we have no text in the same language and script.
import { LRUCache } from 'lru-cache';

/** pt is Brazilian Portuguese, zh is simplified Chinese. */
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

/** Regions that read European Portuguese (parentLocales of CLDR). */
const asInPortugal = ['AO', 'CH', 'CV', 'GQ', 'GW', 'LU', 'MO', 'MZ', 'ST', 'TL'];

/** Set at first use, because ICU reads a megabyte and a half for it. */
let known: readonly { readonly language: Language; readonly locale: Intl.Locale }[] | undefined;

/** Answers given so far, because likely subtags take long to find. Bounded, because clients choose the tags. */
const found = new LRUCache<string, Language>({ max: 500 });

/** @param tag BCP 47; null or a malformed one gives English */
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
