// Stacked bars and lines over steps of time, as SVG. What is drawn is told in words as well: each series by its sum or its last value.
// Colours are classes of the style sheet, as the policy allows no style in a document.
import { scaleOf, type Series, ticksOf } from './chart.algorithm.ts';
import { momentText } from './words.ts';

const WIDTH = 640;
const HEIGHT = 200;
const LEFT = 48;
const BOTTOM = 24;
const TOP = 8;
const TIMES = 4;
const TIME_WIDTH = 80;

interface ChartProps {
  readonly title: string;
  readonly kind: 'bars' | 'lines';
  /** Begin of each step, ISO 8601. */
  readonly steps: readonly string[];
  readonly series: readonly Series[];
  readonly label: (value: number) => string;
  /** The axis goes at least that far. */
  readonly least: number;
  /** What is told of a series in words. */
  readonly told: (series: Series) => string;
}

export function Chart(props: ChartProps) {
  const { title, kind, steps, series, label, least, told } = props;
  const top = scaleOf(series, kind, least);
  const words = series.map((one) => `${one.name} ${told(one)}`).join(', ');
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${words || 'nothing'}`}>
        {ticksOf(top).map((value) => (
          <g key={value}>
            <path className="grid" d={`M${LEFT} ${heightOf(value, top)}H${WIDTH}`} />
            <text x={LEFT - 6} y={heightOf(value, top) + 4} textAnchor="end">
              {label(value)}
            </text>
          </g>
        ))}
        {steps.map((step, at) =>
          at % Math.ceil(steps.length / TIMES) === 0 && placeOf(at, steps.length) < WIDTH - TIME_WIDTH ? (
            <text key={step} x={placeOf(at, steps.length)} y={HEIGHT - 6}>
              {momentText(step)}
            </text>
          ) : null,
        )}
        {kind === 'bars' ? <Bars {...props} top={top} /> : <Lines {...props} top={top} />}
      </svg>
      <ul className="key">
        {series.map((one, at) => (
          <li key={one.name} className={`k${at % 8}`}>
            {one.name}: {told(one)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

type Drawn = ChartProps & { readonly top: number };

function Bars({ steps, series, label, top }: Drawn) {
  const width = Math.max(1, (WIDTH - LEFT) / Math.max(1, steps.length) - 1);
  return steps.map((step, at) => {
    let below = 0;
    return series.map(({ name, values }, colour) => {
      const value = values[at] ?? 0;
      if (value === 0) return null;
      const y = heightOf(below + value, top);
      const height = heightOf(below, top) - y;
      below += value;
      return (
        <rect key={name + step} className={`c${colour % 8}`} x={placeOf(at, steps.length)} {...{ y, width, height }}>
          <title>{`${momentText(step)} ${name}: ${label(value)}`}</title>
        </rect>
      );
    });
  });
}

function Lines({ steps, series, label, top }: Drawn) {
  return series.map(({ name, values }, colour) => {
    const points = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
    const path = points.map(({ at, value }, index) => {
      const goesOn = points[index - 1]?.at === at - 1;
      return `${goesOn ? 'L' : 'M'}${middleOf(at, steps.length)} ${heightOf(value, top)}`;
    });
    return (
      <g key={name}>
        <path className={`l${colour % 8}`} d={path.join('')} />
        {points.map(({ at, value }) => (
          <circle key={at} className={`c${colour % 8}`} cx={middleOf(at, steps.length)} cy={heightOf(value, top)} r="3">
            <title>{`${momentText(steps[at] ?? null)} ${name}: ${label(value)}`}</title>
          </circle>
        ))}
      </g>
    );
  });
}

function placeOf(at: number, count: number): number {
  return Math.round(LEFT + (at * (WIDTH - LEFT)) / count);
}

function middleOf(at: number, count: number): number {
  return Math.round(LEFT + ((at + 0.5) * (WIDTH - LEFT)) / count);
}

function heightOf(value: number, top: number): number {
  return Math.round((HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)) * 10) / 10;
}
