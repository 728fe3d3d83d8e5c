// Sends, rates, cost and refusals over time: a colour for each vendor, or for each country.
import type { ReactNode } from 'react';
import type { Figures } from '../state/admin-api.ts';
import type { MessageFigures } from '../state/message-figures.ts';
import { Chart } from '../ui/chart.tsx';
import { lastOf, seriesOf, stepsOf, sumOf } from '../ui/chart.algorithm.ts';
import { countText, rateText } from '../ui/words.ts';

/** Of axes that count, so that their marks are whole numbers. */
const LEAST = 4;

interface PlotsProps<Step> {
  readonly steps: readonly string[];
  readonly told: readonly Step[];
  readonly name: (step: Step) => string;
  readonly children?: ReactNode;
}
type FiguresAt = Figures & { readonly at: string };

export function VendorPlots({ known: { series } }: { readonly known: MessageFigures }) {
  return (
    <Plots steps={stepsOf(series)} told={series.steps} name={({ provider }) => provider ?? 'no vendor'}>
      <Counts
        title="Not taken by vendors"
        steps={stepsOf(series)}
        told={series.steps}
        name={({ provider }) => provider ?? 'no vendor'}
        count={({ handOvers, accepted }) => handOvers - accepted}
      />
    </Plots>
  );
}

export function CountryPlots({ known: { countries, refusals } }: { readonly known: MessageFigures }) {
  const name = ({ country }: { readonly country: string | null }) => country ?? 'no country';
  return (
    <Plots steps={stepsOf(countries)} told={countries.steps} name={name}>
      <Counts
        title="Not taken by vendors"
        steps={stepsOf(countries)}
        told={countries.steps}
        name={name}
        count={({ handOvers, accepted }) => handOvers - accepted}
      />
      <Counts
        title="Refused by limits and budgets"
        steps={stepsOf(refusals)}
        told={summed(refusals.steps)}
        name={name}
        count={({ count }) => count}
      />
    </Plots>
  );
}

function Plots<Step extends FiguresAt>({ steps, told, name, children }: PlotsProps<Step>) {
  const all = { steps, told, name };
  const currencies = [...new Set(told.flatMap(({ cost }) => cost.map(({ currency }) => currency)))].sort();
  return (
    <div className="charts">
      <Counts {...all} title="Handed to vendors" count={({ handOvers }) => handOvers} />
      <Rates {...all} title="Delivered, of those whose end is known" rate={({ deliveryRate }) => deliveryRate} />
      <Rates {...all} title="Codes entered, of those that ended" rate={({ conversionRate }) => conversionRate} />
      {currencies.map((currency) => (
        <Counts
          {...all}
          key={currency}
          title={`Cost in ${currency}`}
          count={({ cost }) => cost.find((one) => one.currency === currency)?.amount ?? 0}
          label={(amount) => amount.toFixed(2)}
        />
      ))}
      {children}
    </div>
  );
}

interface CountsProps<Step> extends PlotsProps<Step> {
  readonly title: string;
  readonly count: (step: Step) => number;
  readonly label?: (value: number) => string;
}

function Counts<Step extends { readonly at: string }>(props: CountsProps<Step>) {
  const { title, steps, told, name, count, label = countText } = props;
  const series = seriesOf(steps, told, name, count, 0);
  const least = label === countText ? LEAST : 0.01;
  return <Chart {...{ title, steps, series, label, least }} kind="bars" told={(one) => label(sumOf(one))} />;
}

interface RatesProps<Step> extends PlotsProps<Step> {
  readonly title: string;
  readonly rate: (step: Step) => number | null;
}

function Rates<Step extends { readonly at: string }>({ title, steps, told, name, rate }: RatesProps<Step>) {
  const series = seriesOf(steps, told, name, rate, null);
  return (
    <Chart
      {...{ title, steps, series }}
      kind="lines"
      label={rateText}
      least={1}
      told={(one) => rateText(lastOf(one))}
    />
  );
}

/** Both kinds of refusal of a country in a step as one. */
function summed<Step extends { readonly at: string; readonly country: string | null; readonly count: number }>(
  steps: readonly Step[],
): { at: string; country: string | null; count: number }[] {
  const sums = new Map<string, { at: string; country: string | null; count: number }>();
  for (const { at, country, count } of steps) {
    const key = `${at} ${country}`;
    sums.set(key, { at, country, count: (sums.get(key)?.count ?? 0) + count });
  }
  return [...sums.values()];
}
