// Runs what may need a fresh sign-in: when the server asks for one the person is asked, and the same thing is tried once more. There is one
// question at a time, for all that wait for it. What one person has begun is never done in the name of another one, whom another tab has
// signed in meanwhile.
import { LatchkeyError } from '@latchkey/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Cancelled } from './context.ts';

interface Asking {
  readonly whom: string | undefined;
  /** Rejects with Cancelled. */
  readonly answered: Promise<void>;
  readonly done: () => void;
  readonly cancel: () => void;
}

export interface Guard {
  /** While the person is being asked. */
  readonly asking: Asking | null;
  readonly guarded: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** @param user id of whoever is signed in */
export function useGuard(user: string | undefined): Guard {
  const [asking, setAsking] = useState<Asking | null>(null);
  const present = useRef(user);
  const question = useRef<Asking>(undefined);
  useEffect(() => {
    present.current = user;
    // Whoever signs in next, the same person included, is not met by a question that was left open.
    return () => question.current?.cancel();
  }, [user]);
  const ask = useCallback((): Promise<void> => {
    if (present.current !== user) return Promise.reject(new Cancelled());
    // A second question in the place of the first would leave what waits for the first waiting for ever.
    question.current ??= askingOf(user, () => {
      question.current = undefined;
      setAsking(null);
    });
    setAsking(question.current);
    return question.current.answered;
  }, [user]);
  const guarded = useCallback(
    async <Result>(work: () => Promise<Result>): Promise<Result> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof LatchkeyError) || error.code !== 'step_up_required') throw error;
      }
      await ask();
      return work();
    },
    [ask],
  );
  return { asking: asking?.whom === user ? asking : null, guarded };
}

/** @param onEnd called when it is answered or declined */
function askingOf(whom: string | undefined, onEnd: () => void): Asking {
  let done!: () => void;
  let cancel!: () => void;
  const answered = new Promise<void>((resolve, reject) => {
    done = resolve;
    cancel = () => reject(new Cancelled());
  });
  const ending = (how: () => void) => () => {
    onEnd();
    how();
  };
  return { whom, answered, done: ending(done), cancel: ending(cancel) };
}
