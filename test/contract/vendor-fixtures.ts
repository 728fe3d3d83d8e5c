// Reads the fixtures of every vendor folder: providers/<vendor>/fixtures/<definition>.json, with source and date.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { Clock } from '../../src/platform/clock/clock';
import { NodeRandom } from '../../src/platform/random/node-random';
import type { OutboundHttp } from '../../src/platform/http/outbound-http';
import type { ProviderResult } from '../../src/sms/contract/failure';
import type {
  CheckRequest,
  DevelopmentKeys,
  Provider,
  ProviderDefinition,
  ResendRequest,
  SendCodeRequest,
  SendRequest,
  StartRequest,
} from '../../src/sms/contract/provider';
import type { ReceiptReader } from '../../src/sms/contract/receipt';
import type { PlayedAnswer } from './test-server';

export type Operation = 'send' | 'sendCode' | 'start' | 'check' | 'resend';
export type Arguments = Readonly<Record<string, unknown>>;

export interface PlayedCase {
  readonly name: string;
  readonly operation: Operation;
  readonly source: string;
  readonly arguments?: Arguments;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where we asked for receipts. */
  readonly webhookUrl?: string;
  readonly answer: PlayedAnswer;
  readonly result: ProviderResult<unknown>;
}

export interface Exchange extends PlayedCase {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface VendorFixture {
  readonly source: string;
  readonly date: string;
  readonly now: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: Readonly<Partial<Record<Operation, Arguments>>>;
  readonly exchanges: readonly Exchange[];
  readonly answers: readonly PlayedCase[];
}

/** One webhook and what is read from it; dates of the reading as ISO texts. */
export interface ReceiptCase {
  readonly name: string;
  readonly source: string;
  /** Instead of the file's. */
  readonly now?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly request: {
    readonly method?: string;
    readonly url?: string;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly reading: unknown;
}

export interface ReceiptFixture {
  readonly source: string;
  readonly date: string;
  readonly now: string;
  /** Whether the vendor signs when it was signed: without that there is no replay window. */
  readonly signsTime: boolean;
  /** Ends that the vendor tells of a message by itself; both unless told. */
  readonly tells?: readonly ('delivered' | 'failed')[];
  /** Of the definition: its required keys and those of the signature. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cases: readonly ReceiptCase[];
}

const providers = join(__dirname, '../../src/sms/providers');

/** @throws Error when no vendor folder has a fixture of that name: a vendor without one has no contract. */
export function fixtureOf(definition: string): VendorFixture {
  return readFixture(definition) as VendorFixture;
}

/** @throws Error as fixtureOf does */
export function receiptFixtureOf(definition: string): ReceiptFixture {
  return readFixture(`${definition}-receipts`) as ReceiptFixture;
}

/** @throws Error when the definition tells nothing with these keys */
export function readerOf(
  definition: ProviderDefinition,
  environment: Readonly<Record<string, string>>,
  clock: FixedClock,
): ReceiptReader {
  const variables = { NODE_ENV: 'development', [definition.baseUrlKey]: 'http://127.0.0.1:3001', ...environment };
  const config = loadConfig([definition.config], variables).get(definition.config);
  const reader = definition.receipts?.({ config, clock });
  if (reader === undefined) throw new Error(`${definition.name} has no reader`);
  return reader;
}

function readFixture(definition: string): unknown {
  for (const folder of readdirSync(providers, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const files = join(providers, folder.name, 'fixtures');
    if (!readdirSync(files).includes(`${definition}.json`)) continue;
    return JSON.parse(readFileSync(join(files, `${definition}.json`), 'utf8')) as unknown;
  }
  throw new Error(`no fixtures/${definition}.json in any vendor folder`);
}

/** @param given keys that are not generated */
export function generatedKeys(
  generators: DevelopmentKeys,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const keys: Record<string, string> = { ...given };
  for (const [key, generate] of Object.entries(generators)) keys[key] ??= generate(keys);
  return keys;
}

export class FixedClock extends Clock {
  constructor(private time: Date) {
    super();
  }

  override now(): Date {
    return new Date(this.time);
  }

  advance(seconds: number): void {
    this.time = new Date(this.time.getTime() + seconds * 1000);
  }
}

/** The same id each time, so that a signed request is the same bytes each time. */
class FixedRandom extends NodeRandom {
  override uuid(): string {
    return '0198c0de-0000-7000-8000-00000000cafe';
  }
}

export function createProvider(
  definition: ProviderDefinition,
  environment: Readonly<Record<string, string>>,
  {
    origin,
    http,
    clock,
    webhookUrl,
  }: { origin: string; http: OutboundHttp; clock: Clock; webhookUrl?: string | undefined },
): Provider {
  const variables = { NODE_ENV: 'development', ...environment, [definition.baseUrlKey]: origin };
  const config = loadConfig([definition.config], variables).get(definition.config);
  return definition.create({ config, http, clock, random: new FixedRandom(), webhookUrl });
}

/** What a provider offers by its kind; `resend` is the vendor's choice. */
export function operationsOf(provider: Provider): Operation[] {
  if (provider.kind === 'sender') return ['send'];
  if (provider.kind === 'code-sender') return ['sendCode'];
  return ['start', 'check', ...(provider.resend ? (['resend'] as const) : [])];
}

export function callProvider(
  provider: Provider,
  operation: Operation,
  args: Arguments,
): Promise<ProviderResult<unknown>> {
  if (provider.kind === 'sender') return provider.send(args as unknown as SendRequest);
  if (provider.kind === 'code-sender') return provider.sendCode(args as unknown as SendCodeRequest);
  if (operation === 'check') return provider.check(args as unknown as CheckRequest);
  if (operation === 'start') return provider.start(args as unknown as StartRequest);
  if (provider.resend === undefined) throw new Error(`${provider.provider} has no resend`);
  return provider.resend(args as unknown as ResendRequest);
}
