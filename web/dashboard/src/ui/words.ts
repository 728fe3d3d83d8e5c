// Figures, times and spans as operators read them: in their own time zone, counts with separators, null as a dash.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

export function timeText(instant: Date): string {
  return clock.format(instant);
}

/** Day and minute. */
export function momentText(iso: string | null): string {
  return iso === null ? '–' : day.format(new Date(iso));
}

export function countText(count: number): string {
  return whole.format(count);
}

export function rateText(rate: number | null): string {
  return rate === null ? '–' : `${whole.format(rate * 100)} %`;
}

export function costText(cost: readonly { readonly currency: string; readonly amount: number }[]): string {
  return cost.map(({ currency, amount }) => `${amount.toFixed(amount < 100 ? 4 : 2)} ${currency}`).join(', ') || '–';
}

export function spanText(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} min`;
}
