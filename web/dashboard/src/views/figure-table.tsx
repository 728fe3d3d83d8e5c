import type { Stats } from '../state/admin-api.ts';
import { Table } from '../ui/table.tsx';
import { costText, countText, rateText } from '../ui/words.ts';

const heads = ['Vendor', 'Country', 'Handed over', 'Taken', 'Delivered', 'Entered', 'Cost', 'Unpriced'];

/** The plots' figures, added up. */
export function FigureTable({ stats }: { readonly stats: Stats }) {
  const rows = stats.byProviderAndCountry.map(({ provider, country, ...one }) => ({
    key: `${provider} ${country}`,
    cells: [
      provider ?? 'no vendor',
      country ?? '–',
      countText(one.handOvers),
      `${countText(one.accepted)} (${rateText(one.acceptanceRate)})`,
      `${countText(one.delivered)} (${rateText(one.deliveryRate)})`,
      `${countText(one.converted)} (${rateText(one.conversionRate)})`,
      costText(one.cost),
      countText(one.unpriced),
    ],
  }));
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">By vendor and country</h2>
      <Table label="By vendor and country" heads={heads} rows={rows} none="There were no messages." />
    </section>
  );
}
