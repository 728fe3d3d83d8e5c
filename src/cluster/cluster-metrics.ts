// GET /metrics for a whole cluster. Each instance is asked on a port of its own. Its series get the label `process`, with the number of its
// place, which the instance that replaces it keeps. An instance that does not answer is missing from the page.
import { get } from 'node:http';
import type { Metrics } from '../platform/metrics/metrics';
import { within } from '../platform/time/in-time';
import type { Instance } from './instance';
import { mergePages, type Page } from './merged-metrics';

const PATIENCE_MILLISECONDS = 3000;
const SUPERVISOR = 'supervisor';

/** @param own metrics of the supervisor. @returns the page, in the text format of Prometheus */
export async function clusterMetrics(own: Metrics, instances: readonly Instance[]): Promise<string> {
  const pages = await Promise.all(instances.map(pageOf));
  return mergePages([{ process: SUPERVISOR, text: await own.text() }, ...pages.flatMap((page) => page ?? [])]);
}

async function pageOf({ name, ready }: Instance): Promise<Page | undefined> {
  const asked = ready.then(({ metrics }) => read(`${String(metrics)}/metrics`));
  const text = await within(PATIENCE_MILLISECONDS, asked);
  return text === undefined ? undefined : { process: name, text };
}

function read(url: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: PATIENCE_MILLISECONDS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      answer.on('end', () => resolve(answer.statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : undefined));
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('too late')));
  });
}
