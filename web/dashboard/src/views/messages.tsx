// How messages fare: what is unusual first, then figures, vendors, budgets and plots; asked for anew every few seconds.
import { useState } from 'react';
import { useDashboard } from '../state/context.ts';
import { type MessageFigures, messageFigures } from '../state/message-figures.ts';
import { usePoll } from '../state/use-poll.ts';
import { costText, countText, rateText, timeText } from '../ui/words.ts';
import { Budgets } from './budgets.tsx';
import { FigureTable } from './figure-table.tsx';
import { CountryPlots, VendorPlots } from './plots.tsx';
import { Unusual } from './unusual.tsx';
import { Vendors } from './vendors.tsx';

/** A short period is for whoever watches something; a long one costs more to add up. */
const secondsFor = (hours: number): number => (hours <= 24 ? 5 : 60);

export function Messages() {
  const { api, from, hours } = useDashboard();
  const { known, problem, askedAt } = usePoll(() => messageFigures(api, from()), secondsFor(hours), String(hours));
  return (
    <>
      {problem !== '' && (
        <p role="alert" className="problem">
          {problem}. {askedAt === undefined ? '' : `What is shown is of ${timeText(askedAt)}.`}
        </p>
      )}
      {known === undefined ? <p>{problem === '' && 'Asking…'}</p> : <Shown known={known} askedAt={askedAt} />}
    </>
  );
}

function Shown({ known, askedAt }: { readonly known: MessageFigures; readonly askedAt: Date | undefined }) {
  const [by, setBy] = useState<'vendor' | 'country'>('vendor');
  return (
    <>
      <Unusual known={known} />
      <Tiles known={known} />
      <section aria-labelledby="plots">
        <h2 id="plots">Over time</h2>
        <fieldset className="switch">
          <legend className="quiet">Each plot has a colour for each</legend>
          {(['vendor', 'country'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="by" checked={by === each} onChange={() => setBy(each)} />
              {each}
            </label>
          ))}
        </fieldset>
        {by === 'vendor' ? <VendorPlots known={known} /> : <CountryPlots known={known} />}
      </section>
      <Vendors vendors={known.vendors} />
      <Budgets budget={known.budget} />
      <FigureTable stats={known.stats} />
      <p className="quiet">As of {askedAt === undefined ? '–' : timeText(askedAt)}, your time.</p>
    </>
  );
}

function Tiles({ known: { stats, refusals } }: { readonly known: MessageFigures }) {
  const { total } = stats;
  const refused = refusals.steps.reduce((sum, { count }) => sum + count, 0);
  const tiles = [
    ['Handed to vendors', countText(total.handOvers)],
    ['Taken by vendors', rateText(total.acceptanceRate)],
    ['Delivered', rateText(total.deliveryRate)],
    ['Codes entered', rateText(total.conversionRate)],
    ['Cost', costText(total.cost)],
    ['Refused by limits and budgets', countText(refused)],
  ] as const;
  return (
    <dl className="tiles">
      {tiles.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
