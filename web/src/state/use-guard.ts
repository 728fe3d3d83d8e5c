// Runs what may need a fresh sign-in: when the server asks for one the person is asked, and the same thing is tried once more. What one person
// has begun is never done in the name of another one, whom another tab has signed in meanwhile.
import { LatchkeyError } from '@latchkey/client';
import { useCallback, useState } from 'react';
import { Cancelled } from './context.ts';

interface Asking {
  readonly whom: string | undefined;
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
  const guarded = useCallback(
    async <Result>(work: () => Promise<Result>): Promise<Result> => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof LatchkeyError) || error.code !== 'step_up_required') throw error;
      }
      await new Promise<void>((resolve, reject) => {
        const end = (how: () => void) => () => {
          setAsking(null);
          how();
        };
        setAsking({ whom: user, done: end(resolve), cancel: end(() => reject(new Cancelled())) });
      });
      return work();
    },
    [user],
  );
  return { asking: asking?.whom === user ? asking : null, guarded };
}
