// A collector of traces on loopback: takes OTLP over HTTP as JSON and keeps the spans it was handed.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './patience';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
}

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly services = new Set<string>();
  /** Everything that came in, as it came. */
  text = '';
  private readonly server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces' && request.method === 'POST') this.take(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  /** @returns the endpoint */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @throws Error with the names of what came when none fits */
  spanWhen(fits: (span: CollectedSpan) => boolean): Promise<CollectedSpan> {
    const came = (): string => this.spans.map(({ name }) => name).join(', ');
    const look = (): CollectedSpan | undefined => this.spans.find(fits);
    return until(look, () => `such a span (there are ${came()})`);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private take(body: string): void {
    this.text += body;
    for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
      if (service !== undefined) this.services.add(service);
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
  }
}

/** The attributes of a span as an object. */
export function factsOf({ attributes }: CollectedSpan): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]),
  );
}
