// One thing at a time, and what became of it: a form that is under way is not sent twice, and what went wrong is told.
import { LatchkeyError } from '@latchkey/client';
import { useCallback, useRef, useState } from 'react';
import { Cancelled, useApp } from './context.ts';
import { nothingWrong, tell, type Told } from './problem.ts';

export interface Work {
  readonly busy: boolean;
  readonly problem: Told;
  /** Always the same function. Never rejects, but for bugs. @returns whether it went well */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
}

/** @param special given each refusal first; true when it has dealt with it */
export function useWork(special?: (error: LatchkeyError) => boolean): Work {
  const app = useApp();
  const now = useRef({ app, special });
  now.current = { app, special };
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(nothingWrong);
  const underWay = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    if (underWay.current) return false;
    underWay.current = true;
    setBusy(true);
    setProblem(nothingWrong);
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Cancelled) return false;
      if (error instanceof LatchkeyError && now.current.special?.(error) === true) return false;
      if (error instanceof LatchkeyError && error.code === 'signed_out') now.current.app.setUser(null);
      setProblem(tell(error, now.current.app));
      return false;
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, problem, run };
}
