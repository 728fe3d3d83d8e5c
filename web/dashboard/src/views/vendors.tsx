import type { Vendor } from '../state/admin-api.ts';
import { Table } from '../ui/table.tsx';
import { countText, momentText } from '../ui/words.ts';

const heads = ['Vendor', 'Breaker', 'Last hour', 'Taken', 'Opened', 'Last failure', 'Countries'];

/** In the order in which they are asked; breakers as the instance has them that answers. */
export function Vendors({ vendors }: { readonly vendors: readonly Vendor[] }) {
  const rows = vendors.map(({ provider, breaker, handOvers, accepted, openedAt, routes, ...one }) => ({
    key: provider,
    cells: [
      provider,
      <span key="breaker" className={breaker === 'closed' ? 'badge' : 'badge bad'}>
        {breaker}
      </span>,
      countText(handOvers),
      countText(accepted),
      momentText(openedAt),
      one.lastFailure === null ? '–' : `${one.lastFailure}, ${momentText(one.lastFailureAt)}`,
      routes.length === 0 ? 'all' : routes.join(' '),
    ],
  }));
  return (
    <section aria-labelledby="vendors">
      <h2 id="vendors">Vendors</h2>
      <Table label="Vendors" heads={heads} rows={rows} none="No vendor is configured." />
    </section>
  );
}
