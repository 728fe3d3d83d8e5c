// Puts the metrics of several processes on one page for Prometheus. Every sample gets a label that names its process, and a series has its
// description once. Nothing is added up, because only the reader knows whether the sum or the maximum of a series means something.

export interface Page {
  /** Value of the label `process`. */
  readonly process: string;
  readonly text: string;
}

interface Family {
  readonly about: string[];
  readonly samples: string[];
}

const LABEL = 'process';

export function mergePages(pages: readonly Page[]): string {
  const families = new Map<string, Family>();
  for (const page of pages) read(page, families);
  return [...families.values()].map(({ about, samples }) => [...about, ...samples].join('\n')).join('\n\n') + '\n';
}

// In the text format, the samples of a series follow its lines # HELP and # TYPE.
function read({ process, text }: Page, families: Map<string, Family>): void {
  let family: Family | undefined;
  for (const line of text.split('\n')) {
    const [, keyword, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
    if (name !== undefined) {
      family = families.get(name) ?? { about: [], samples: [] };
      families.set(name, family);
      if (!family.about.some((known) => known.startsWith(`# ${keyword} `))) family.about.push(line);
    } else if (line !== '' && !line.startsWith('#')) family?.samples.push(labelled(line, process));
  }
}

function labelled(sample: string, process: string): string {
  const [, name = '', inner = '', rest = ''] = /^([^\s{]+)(?:\{(.*)\})?( [^{}]*)$/.exec(sample) ?? [];
  return `${name}{${inner === '' ? '' : `${inner},`}${LABEL}="${process}"}${rest}`;
}
