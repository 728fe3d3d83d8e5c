// The words of the pages in one language. English is built in; another language is one small file, fetched when it is needed.
// A word that a language lacks is shown in English, so that nothing is ever empty.
import en from './en.json';

export type TextKey = keyof typeof en;

/** @param values what stands in for {name} in the text */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export interface Texts {
  /** BCP 47, as the server knows it. */
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly t: Translate;
  /** Whether there is such a text: codes of problems that a later server may have are none. */
  readonly has: (key: string) => key is TextKey;
}

/** The languages that messages are written in (src/platform/text/language.ts), by their own names. */
export const languages = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português (Brasil)',
  'pt-PT': 'Português (Portugal)',
  it: 'Italiano',
  nl: 'Nederlands',
  pl: 'Polski',
  tr: 'Türkçe',
  ar: 'العربية',
  hi: 'हिन्दी',
  ja: '日本語',
  zh: '简体中文',
  'zh-Hant': '繁體中文',
} as const;

export type Language = keyof typeof languages;

const files = import.meta.glob<string>(['./*.json', '!./en.json'], { query: '?url', import: 'default', eager: true });

/** @throws what fetch throws; then English is better than nothing, which the caller decides */
export async function textsIn(language: Language): Promise<Texts> {
  const file = files[`./${language}.json`];
  if (file === undefined) return textsOf('en', {});
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`no texts: ${answer.status}`);
  return textsOf(language, (await answer.json()) as Partial<Record<TextKey, string>>);
}

/** A number, address or name within a text, kept from being turned round by what stands about it (Unicode's FSI and PDI). */
export function isolated(value: string): string {
  return `\u2068${value}\u2069`;
}

export const english = textsOf('en', {});

function textsOf(language: Language, own: Partial<Record<TextKey, string>>): Texts {
  const words = { ...en, ...own };
  return {
    language,
    direction: language === 'ar' ? 'rtl' : 'ltr',
    t: (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')),
    has: (key): key is TextKey => Object.hasOwn(en, key),
  };
}

/** What the person chose here, else the first of the browser's languages that we have. */
export function preferredLanguage(chosen: string | null, wanted: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  for (const tag of wanted) {
    const found = closest(tag);
    if (found !== undefined) return found;
  }
  return 'en';
}

export function isLanguage(tag: string | null): tag is Language {
  return tag !== null && Object.hasOwn(languages, tag);
}

/** By language and script, as the server does: zh-TW reads zh-Hant, pt alone is Brazil's. */
function closest(tag: string): Language | undefined {
  try {
    const { language, script, region } = new Intl.Locale(tag).maximize();
    if (language === 'pt') return region === 'BR' ? 'pt' : 'pt-PT';
    if (language === 'zh') return script === 'Hant' ? 'zh-Hant' : 'zh';
    return isLanguage(language) ? language : undefined;
  } catch {
    return undefined;
  }
}
