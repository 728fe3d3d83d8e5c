// Runs what may need a fresh sign-in: when the server asks for one the person is asked, and the same thing is tried once more.
import { LatchkeyError } from '@latchkey/client';
import { useCallback, useState } from 'react';
import { Cancelled } from './context.ts';

interface Asking {
  readonly done: () => void;
  readonly cancel: () => void;
}

export interface Guard {
  /** While the person is being asked. */
  readonly asking: Asking | null;
  readonly guarded: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

export function useGuard(): Guard {
  const [asking, setAsking] = useState<Asking | null>(null);
  const guarded = useCallback(async <Result>(work: () => Promise<Result>): Promise<Result> => {
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
      setAsking({ done: end(resolve), cancel: end(() => reject(new Cancelled())) });
    });
    return work();
  }, []);
  return { asking, guarded };
}
