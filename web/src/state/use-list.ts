// A list of the server's that is read again after every change.
import { useCallback, useEffect, useState } from 'react';
import type { Work } from './use-work.ts';

/** @param read must stay the same function. @returns undefined until it has been read */
export function useList<Item>(work: Work, read: () => Promise<readonly Item[]>) {
  const [items, setItems] = useState<readonly Item[]>();
  const { run } = work;
  const reload = useCallback(async () => setItems(await read()), [read]);
  useEffect(() => {
    void run(reload);
  }, [run, reload]);
  return { items, reload };
}
