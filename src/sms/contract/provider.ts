// What a vendor folder implements. Three kinds (design D7, ADR 26): message senders deliver a text that we composed, code
// senders a code of ours in the vendor's own words, verification services make, send and check a code of their own.
// Adapters translate only: attempt limits, TTL, cooldown and one-time use stay ours for all. They never retry, never
// log, and never see a user.
import type { ConfigSlice, SliceClass } from '../../config/config-slice';
import type { Clock } from '../../platform/clock/clock';
import type { OutboundHttp } from '../../platform/http/outbound-http';
import type { Random } from '../../platform/random/random';
import type { ProviderResult } from './failure';
import type { ReceiptDependencies, ReceiptReader } from './receipt';

export type Channel = 'sms' | 'voice';

/** The vendor has taken a message and given it this id. */
export type Accepted = ProviderResult<{ readonly providerMessageId: string }>;
/** The vendor has begun a verification and given it this id. */
export type Started = ProviderResult<{ readonly providerVerificationId: string }>;

export interface SendRequest {
  /** Canonical E.164 with +. An adapter strips the + where its vendor wants bare digits. */
  readonly to: string;
  readonly text: string;
  /** Our delivery id (UUID). Given to the vendor where its API takes a reference. */
  readonly reference: string;
  /** After this many seconds the text is of no use any more. */
  readonly ttlSeconds: number;
}

export interface MessageSender {
  readonly kind: 'sender';
  readonly provider: string;
  /** The sender of messages, as inbound messages name it in `to`; absent where the vendor picks it from a pool. Needed for STOP. */
  readonly senderName?: string | undefined;
  send(request: SendRequest): Promise<Accepted>;
}

export interface SendCodeRequest {
  readonly to: string;
  readonly channel: Channel;
  /** 4 to 10 decimal digits, with leading zeros. An adapter must neither keep nor log it. */
  readonly code: string;
  /** BCP 47 tag or null for the vendor's default. */
  readonly locale: string | null;
  readonly reference: string;
  /** After this many seconds the code is of no use any more. */
  readonly ttlSeconds: number;
}

/** A vendor's verification API that takes our code: it words and delivers the message, and we check the code. */
export interface CodeSender {
  readonly kind: 'code-sender';
  readonly provider: string;
  readonly channels: readonly Channel[];
  sendCode(request: SendCodeRequest): Promise<Accepted>;
}

export interface StartRequest {
  readonly to: string;
  readonly channel: Channel;
  /** BCP 47 tag or null for the vendor's default. */
  readonly locale: string | null;
  readonly reference: string;
  /** After this many seconds the code is of no use any more. */
  readonly ttlSeconds: number;
}

export interface ResendRequest extends StartRequest {
  /** The verification whose code is to be sent again. */
  readonly providerVerificationId: string;
}

export interface CheckRequest {
  readonly providerVerificationId: string;
  /** Decimal digits as the person typed them. */
  readonly code: string;
  readonly channel: Channel;
}

/** gone: the vendor does not know it, has replaced it, or it was used already. */
export type CheckOutcome = 'approved' | 'wrong_code' | 'expired' | 'too_many_attempts' | 'gone';

/** `ended`: the vendor will not check this verification again, whatever the code (Sinch after FAIL). */
export interface CheckAnswer {
  readonly outcome: CheckOutcome;
  readonly ended: boolean;
}

export interface VerificationService {
  readonly kind: 'service';
  readonly provider: string;
  readonly channels: readonly Channel[];
  /** How many digits the vendor's code has; null when that is not configured. */
  readonly codeLength: number | null;
  /**
   * Number of the wrong code that ends a verification at this vendor, 1 for the first; null when our own limit comes first. Decoys behave
   * alike (A55).
   */
  readonly endsAfterWrongCodes: number | null;
  /**
   * What a start does while another verification of the same number runs, of whichever challenge. Either the former ends; or it goes on
   * under the same id, for so many seconds from its beginning. Absent: neither affects the other. Decoys of one number behave alike (A55).
   */
  readonly restart?: 'ends_former' | { readonly goesOnSeconds: number };
  /** A start with a reference that the vendor knows continues the verification begun with it, and sends nothing (Sinch). */
  readonly startsOncePerReference?: true;
  start(request: StartRequest): Promise<Started>;
  check(request: CheckRequest): Promise<ProviderResult<CheckAnswer>>;
  /**
   * Sends the same code again. Absent where a resend is a new start. A verification that the vendor no longer knows is started anew; the
   * answer names the one that runs from now on.
   */
  resend?(request: ResendRequest): Promise<Started>;
}

export type Provider = MessageSender | CodeSender | VerificationService;

export interface ProviderDependencies<C extends ConfigSlice> {
  readonly config: C;
  readonly http: OutboundHttp;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the vendor should post its receipts. Passed to it with each message where its API takes such an address. */
  readonly webhookUrl?: string | undefined;
}

/**
 * In order: each may use those before it, so that a public key can fit a kept private one. Names that begin with SIMULATOR_ are the
 * simulator's own.
 */
export type DevelopmentKeys = Readonly<Record<string, (known: Readonly<Record<string, string | undefined>>) => string>>;

/** One entry of SMS_PROVIDERS. Registry, contract tests, simulator and configuration find it by its folder. */
export interface ProviderDefinition<C extends ConfigSlice = ConfigSlice> {
  /** The name in SMS_PROVIDERS, for example infobip-2fa. */
  readonly name: string;
  readonly kind: Provider['kind'];
  readonly config: SliceClass<C>;
  /** Generators for keys that are not configured in development. The simulator accepts the same keys. */
  readonly developmentKeys: DevelopmentKeys;
  /** Name of the *_BASE_URL setting. In development it defaults to the simulator's origin, followed by `developmentPath` if there is one. */
  readonly baseUrlKey: string;
  /** Where `baseUrlKey` is a whole URL instead of an origin: the path under which the simulator serves it. */
  readonly developmentPath?: string;
  create(dependencies: ProviderDependencies<C>): Provider;
  /** Reads what the vendor posts to /webhooks/sms/<name> (contract/receipt.ts). @returns undefined while a key it needs is missing */
  receipts?(this: void, dependencies: ReceiptDependencies<C>): ReceiptReader | undefined;
}
