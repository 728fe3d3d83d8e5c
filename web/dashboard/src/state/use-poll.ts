// Asks again and again, one after the other, and keeps what was known when it cannot be asked. A page that nobody looks at does not ask.
import { useCallback, useEffect, useRef, useState } from 'react';
import { AdminError } from './admin-api.ts';
import { useDashboard } from './context.ts';

export interface Polled<Known> {
  /** undefined before the first answer. */
  readonly known: Known | undefined;
  /** What went wrong last; '' when nothing did. */
  readonly problem: string;
  readonly askedAt: Date | undefined;
  /** Asks now. */
  readonly again: () => void;
}

type Answer<Known> = Omit<Polled<Known>, 'again'> & { readonly subject: string };

/** @param subject what is asked for: when it changes, it is asked for at once, and what was known of the other is forgotten */
export function usePoll<Known>(ask: () => Promise<Known>, seconds: number, subject: string): Polled<Known> {
  const { isPaused, onKeyRefused } = useDashboard();
  const [polled, setPolled] = useState<Answer<Known>>(nothing(subject));
  const [turn, setTurn] = useState(0);
  const asked = useRef('');
  const now = useRef({ ask, onKeyRefused });
  now.current = { ask, onKeyRefused };
  const once = useCallback(
    async (isWanted: () => boolean) => {
      try {
        const known = await now.current.ask();
        if (isWanted()) setPolled({ known, problem: '', askedAt: new Date(), subject });
      } catch (error) {
        if (!(error instanceof AdminError)) throw error;
        if (!isWanted()) return;
        if (error.isAboutKey) now.current.onKeyRefused();
        else
          setPolled((before) => ({
            ...(before.subject === subject ? before : nothing(subject)),
            problem: error.message,
          }));
      }
    },
    [subject],
  );
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const next = async () => {
      if (!document.hidden) await once(() => !isOver);
      if (!isOver && !isPaused) timer = setTimeout(() => void next(), seconds * 1000);
    };
    // Paused, it asks once for what is not known yet.
    if (!isPaused || asked.current !== `${subject} ${turn}`) void next();
    asked.current = `${subject} ${turn}`;
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isPaused, once, seconds, subject, turn]);
  const again = () => setTurn(turn + 1);
  return { ...(polled.subject === subject ? polled : nothing(subject)), again };
}

function nothing(subject: string) {
  return { known: undefined, problem: '', askedAt: undefined, subject };
}
