// One thing at a time, and what went wrong: as web/src/state/use-work.ts, for the admin API.
import { useCallback, useRef, useState } from 'react';
import type { Work } from '../../../src/state/use-work.ts';
import { AdminError } from './admin-api.ts';

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState('');
  const underWay = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    if (underWay.current) return false;
    underWay.current = true;
    setBusy(true);
    setText('');
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      setText(error.message);
      return false;
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, problem: { text, fields: {} }, run };
}
