// All that the page of messages shows, asked for together.
import type { AdminApi } from './admin-api.ts';

export type MessageFigures = Awaited<ReturnType<typeof messageFigures>>;

export async function messageFigures(api: AdminApi, from: string) {
  const [stats, series, countries, refusals, vendors, budget, alarms] = await Promise.all([
    api.stats(from),
    api.vendorSeries(from),
    api.countrySeries(from),
    api.refusals(from),
    api.vendors(),
    api.budget(),
    api.alarms(),
  ]);
  return { stats, series, countries, refusals, vendors, budget, alarms };
}
