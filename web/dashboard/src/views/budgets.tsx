import type { Budget } from '../state/admin-api.ts';
import { Table } from '../ui/table.tsx';
import { countText, momentText, spanText } from '../ui/words.ts';
import { placeOf } from './unusual.tsx';

/** What is left in the windows that run now, and where codes are not entered. */
export function Budgets({ budget: { windows, unverified } }: { readonly budget: Budget }) {
  return (
    <>
      <section aria-labelledby="budgets">
        <h2 id="budgets">Budgets</h2>
        <Table
          label="Budgets"
          heads={['Budget', 'Window', 'Left', 'Spent', 'Of', 'Until']}
          none="No budget is set."
          rows={windows.map(({ scope, seconds, left, spent, cap, resetsAt }) => ({
            key: `${scope} ${seconds}`,
            cells: [
              scope,
              spanText(seconds),
              countText(left),
              <span key="spent">
                <meter min={0} max={Math.max(cap, 1)} value={spent} aria-label={`${scope} spent`} /> {countText(spent)}
              </span>,
              countText(cap),
              momentText(resetsAt),
            ],
          }))}
        />
      </section>
      <section aria-labelledby="unverified">
        <h2 id="unverified">Codes not entered</h2>
        <Table
          label="Codes not entered"
          heads={['Numbers', 'Not entered', 'Of', 'Strangers']}
          none="No code is waited for."
          rows={unverified.map(({ scope, unverified: count, cap, closedUntil }) => ({
            key: scope,
            cells: [
              placeOf(scope),
              countText(count),
              countText(cap),
              <span key="open" className={closedUntil === null ? 'badge' : 'badge bad'}>
                {closedUntil === null ? 'open' : `closed until ${momentText(closedUntil)}`}
              </span>,
            ],
          }))}
        />
      </section>
    </>
  );
}
