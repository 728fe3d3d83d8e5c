// Two charts as inline SVG: stacked bars and lines over steps of time. Pure text in, text out; colours are classes of the page's style
// sheet (c0 to c7), so that it reads in light and dark. What is drawn is also in the tables of the page.

export interface Chart {
  readonly title: string;
  /** The y axis' label of a value. */
  readonly label: (value: number) => string;
  /** Begin of each step. */
  readonly steps: readonly Date[];
  /** One value per step; null: nothing to show there. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const WIDTH = 960;
const HEIGHT = 240;
const LEFT = 64;
const BOTTOM = 28;
const TOP = 12;
const COLOURS = 8;
const X_LABELS = 6;

/** @param least the y axis goes at least that far */
export function stackedBars(chart: Chart, least = 0): string {
  const { steps, series } = chart;
  const totals = steps.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const top = niceAbove(Math.max(...totals, least));
  const width = (WIDTH - LEFT) / Math.max(1, steps.length);
  const bars = steps.map((step, at) => {
    let below = 0;
    return series
      .map(({ name, values }, colour) => {
        const value = values[at] ?? 0;
        if (value === 0) return '';
        const height = scaled(value, top);
        const y = HEIGHT - BOTTOM - scaled(below, top) - height;
        below += value;
        const box = `x="${round(LEFT + at * width)}" y="${round(y)}" width="${round(Math.max(1, width - 1))}" height="${round(height)}"`;
        const hint = `${timeOf(step)} ${name}: ${chart.label(value)}`;
        return `<rect class="c${colour % COLOURS}" ${box}><title>${escaped(hint)}</title></rect>`;
      })
      .join('');
  });
  return framed(chart, top, bars.join(''));
}

/** Values between 0 and `top`. A step without a value is a gap. */
export function lines(chart: Chart, top: number): string {
  const width = (WIDTH - LEFT) / Math.max(1, chart.steps.length);
  const place = (value: number, at: number) =>
    [round(LEFT + (at + 0.5) * width), round(HEIGHT - BOTTOM - scaled(value, top))] as const;
  const drawn = chart.series.map(({ name, values }, colour) => {
    const points = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
    const path = points
      .map(({ at, value }, index) => `${points[index - 1]?.at === at - 1 ? 'L' : 'M'}${place(value, at).join(' ')}`)
      .join('');
    const dots = points.map(({ at, value }) => {
      const [x, y] = place(value, at);
      const hint = `${timeOf(chart.steps[at] ?? new Date(0))} ${name}: ${chart.label(value)}`;
      return `<circle class="c${colour % COLOURS}" cx="${x}" cy="${y}" r="2.5"><title>${escaped(hint)}</title></circle>`;
    });
    return `<path class="l${colour % COLOURS}" d="${path}"/>${dots.join('')}`;
  });
  return framed(chart, top, drawn.join(''));
}

/** For text and for attributes in double quotes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** To the minute, UTC. */
export function timeOf(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')}`;
}

function framed({ title, label, steps, series }: Chart, top: number, drawing: string): string {
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const y = round(HEIGHT - BOTTOM - scaled(part * top, top));
    return `<path class="grid" d="M${LEFT} ${y}H${WIDTH}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${escaped(label(part * top))}</text>`;
  });
  const every = Math.max(1, Math.ceil(steps.length / X_LABELS));
  const times = steps.map((step, at) => {
    if (at % every !== 0) return '';
    const x = round(LEFT + (at * (WIDTH - LEFT)) / steps.length);
    return `<text x="${x}" y="${HEIGHT - 8}">${timeOf(step)}</text>`;
  });
  const keys = series.map(({ name }, colour) => `<li class="k${colour % COLOURS}">${escaped(name)}</li>`).join('');
  return (
    `<figure><figcaption>${escaped(title)}</figcaption><ul class="key">${keys}</ul>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${grid.join('')}${times.join('')}${drawing}</svg></figure>`
  );
}

function scaled(value: number, top: number): number {
  return (value / top) * (HEIGHT - BOTTOM - TOP);
}

/** The next of 1, 2, 4, 5, 8 and 10 times a power of ten. */
function niceAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
