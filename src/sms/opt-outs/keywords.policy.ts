// What counts as STOP and START in a message to one of our senders: pure. It must be the whole text, in any case, with only punctuation
// around it, so that "please stop by" stops nothing. English words are those of CTIA Messaging Principles 5.1.3 and of the standard lists
// of Twilio, Telnyx and Vonage; the others are what carriers and vendors list for the languages of our messages.

const stopWords: readonly string[] = [
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'opt-out',
  'arret', // fr
  'arrêt',
  'désabonner',
  'stopp', // de
  'abmelden',
  'abbestellen',
  'alto', // es
  'parar', // es, pt
  'baja',
  'cancelar',
  'sair',
  'fermare', // it
  'annulla',
  'afmelden', // nl
  'wypisz', // pl
  'iptal', // tr
  'dur',
  'الغاء', // ar
  'إلغاء',
  'توقف',
  'बंद', // hi
  'रोकें',
  '停止', // ja, zh
  '配信停止',
  '退订',
  '取消',
];

const startWords: readonly string[] = ['start', 'unstop', 'yes', 'resume', 'subscribe', 'optin', 'opt in', 'opt-in'];

const stops: ReadonlySet<string> = new Set(stopWords.map(plain));
const starts: ReadonlySet<string> = new Set(startWords.map(plain));

/** @returns undefined for any other text */
export function keywordIn(text: string): 'stop' | 'start' | undefined {
  const word = plain(text);
  if (stops.has(word)) return 'stop';
  return starts.has(word) ? 'start' : undefined;
}

/** One form for a word: lower case, without accents and without the dot of the Turkish i, without quotation and punctuation marks around it. */
function plain(text: string): string {
  const folded = text
    .slice(0, 100)
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
  return folded
    .replaceAll('ı', 'i')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .replace(/\s+/g, ' ');
}
