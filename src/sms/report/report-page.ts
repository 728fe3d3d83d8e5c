// The report as one HTML file: tables and inline SVG, a style sheet, no script, nothing from elsewhere. Pure; it may be mailed or kept.
import type { DeliverySeries, DeliveryStep, DeliverySummary, Figures } from '../deliveries/delivery-stats.types';
import { escaped, lines, stackedBars, timeOf } from './svg-chart';

export interface Report {
  readonly title: string;
  readonly madeAt: Date;
  readonly summary: DeliverySummary;
  readonly series: DeliverySeries;
}

/** Names, and what is said of them. */
type Row = readonly [names: readonly string[], figures: Figures];

/** Of the axis of messages, so that its marks are whole numbers. */
const LEAST = 4;
const NO_VENDOR = '(none could be called)';

export function reportPage({ title, madeAt, summary, series }: Report): string {
  const { from, to, stepSeconds } = series;
  const period = `${timeOf(from)} to ${timeOf(to)} UTC, in steps of ${stepText(stepSeconds)}`;
  const { total, byProviderAndCountry } = summary;
  const both = byProviderAndCountry.map((one): Row => [[one.provider ?? NO_VENDOR, one.country ?? '-'], one]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${period}. Made ${timeOf(madeAt)} UTC.</p>
${charts(series)}
${table(
  'By vendor',
  ['vendor'],
  total,
  summary.byProvider.map(({ provider, ...one }) => [[provider ?? NO_VENDOR], one]),
)}
${table(
  'By country',
  ['country'],
  total,
  summary.byCountry.map(({ country, ...one }) => [[country ?? '-'], one]),
)}
${table('By vendor and country', ['vendor', 'country'], total, both)}
<p>A hand-over is one message at one vendor. Accepted: the vendor took it. Delivered, of those whose end a receipt told. Converted: its
code was entered, of those whose challenge has ended.</p>
</body>
</html>
`;
}

function charts(series: DeliverySeries): string {
  const steps = allSteps(series);
  const called = [...new Set(series.steps.flatMap(({ provider }) => provider ?? []))].sort();
  const isAnyUncalled = series.steps.some(({ provider }) => provider === null);
  // Last, so that a vendor has the same colour in all charts.
  const vendors = isAnyUncalled ? [...called, null] : called;
  const valuesOf = (provider: string | null, of: (step: DeliveryStep) => number | null) => {
    const own = new Map(series.steps.filter((step) => step.provider === provider).map((step) => [+step.at, of(step)]));
    return { name: provider ?? NO_VENDOR, values: steps.map((step) => own.get(+step) ?? null) };
  };
  const currencies = [...new Set(series.steps.flatMap(({ cost }) => Object.keys(cost)))].sort();
  const rates = { steps, label: percent };
  return [
    stackedBars(
      {
        title: 'Hand-overs per vendor',
        steps,
        label: whole,
        series: vendors.map((provider) => valuesOf(provider, ({ handOvers }) => handOvers)),
      },
      LEAST,
    ),
    ...currencies.map((currency) =>
      stackedBars({
        title: `Cost in ${currency}, as vendors told or SMS_PRICES expects`,
        steps,
        label: (amount) => amount.toFixed(4),
        series: called.map((one) => valuesOf(one, ({ cost }) => cost[currency] ?? 0)),
      }),
    ),
    ...(['acceptanceRate', 'deliveryRate', 'conversionRate'] as const).map((rate) =>
      lines({ ...rates, title: RATES[rate], series: called.map((one) => valuesOf(one, (step) => step[rate])) }, 1),
    ),
  ].join('\n');
}

const RATES = {
  acceptanceRate: 'Accepted, of hand-overs',
  deliveryRate: 'Delivered, of those whose end is known',
  conversionRate: 'Converted, of those accepted',
} as const;

/** Those without a hand-over included: a gap is news too. */
function allSteps({ from, to, stepSeconds }: DeliverySeries): Date[] {
  const length = stepSeconds * 1000;
  const first = Math.floor(from.getTime() / length) * length;
  return Array.from({ length: Math.ceil((to.getTime() - first) / length) }, (_, at) => new Date(first + at * length));
}

function table(title: string, keys: readonly string[], total: Figures, rows: readonly Row[]): string {
  const heads = [...keys, 'hand-overs', 'accepted', 'delivered', 'converted', 'segments', 'cost'];
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join('');
  const all: Row = [['all', ...keys.slice(1).map(() => '')], total];
  const body = [...rows, all].map(([names, one]) => {
    const { handOvers, accepted, delivered, converted, segments } = one;
    const cells = [
      whole(handOvers),
      share(accepted, one.acceptanceRate),
      share(delivered, one.deliveryRate),
      share(converted, one.conversionRate),
      whole(segments),
      costOf(one),
    ];
    return `<tr>${names.map((name) => `<th scope="row">${escaped(name)}</th>`).join('')}${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<h2>${title}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

/** Vendors charge in their own currencies. Messages without a price are counted too, so that nobody takes a sum for the whole. */
function costOf({ cost, unpriced }: Figures): string {
  const sums = Object.entries(cost).map(([currency, amount]) => escaped(`${amount.toFixed(4)} ${currency}`));
  return [...sums, ...(unpriced > 0 ? [`${whole(unpriced)} unpriced`] : [])].join(', ') || '-';
}

function share(count: number, rate: number | null): string {
  return rate === null ? whole(count) : `${whole(count)} (${percent(rate)})`;
}

function whole(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(Math.round(value * 10) / 10);
}

function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10} %`;
}

function stepText(seconds: number): string {
  if (seconds >= 86_400) return `${seconds / 86_400} d`;
  return seconds >= 3600 ? `${seconds / 3600} h` : `${seconds / 60} min`;
}

/** Okabe and Ito's colours, which colour-blind people can tell apart. */
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b8a800', '#777777'];
const COLOURS = PALETTE.map(
  (colour, at) =>
    `.c${at}{fill:${colour}}.l${at}{stroke:${colour};fill:none;stroke-width:1.5}.k${at}::before{background:${colour}}`,
).join('');
const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}' +
  'figure{margin:1.5em 0}figcaption,h2{font-size:1.1em;font-weight:600}svg{width:100%;height:auto}text{font-size:11px;fill:currentColor}' +
  '.grid{stroke:currentColor;opacity:.2}.key{list-style:none;padding:0;margin:0}.key li{display:inline-block;margin-right:1.2em}' +
  '.key li::before{content:"";display:inline-block;width:.8em;height:.8em;margin-right:.4em}' +
  'table{border-collapse:collapse;margin:.5em 0 1.5em}th,td{padding:.2em .9em .2em 0;text-align:right;white-space:nowrap}th[scope=row],th:first-child{text-align:left;font-weight:400}' +
  'thead th{font-weight:600;border-bottom:1px solid}tbody tr:last-child>*{border-top:1px solid;font-weight:600}' +
  COLOURS;
