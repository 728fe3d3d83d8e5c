// Marks code that runs in an open transaction, so that OutboundHttp can refuse to be called there.
import { currentWork, within } from './current-work';

export function insideTransaction(): boolean {
  return currentWork().isTransaction === true;
}

export function markTransaction<T>(work: () => Promise<T>): Promise<T> {
  return within({ isTransaction: true }, work);
}
