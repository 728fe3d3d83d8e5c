// Counters that all instances share, in Redis or Valkey. Windows follow Clock, as those of a process do; the server's own expiry only removes
// old keys. Invariant: no address and no session id is given to the server. Keys are digests made with the secret ring, so two installations
// on one server do not share keys either.
import { Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { within } from '../platform/time/in-time';
import { createRedisClient, type RedisClient } from './redis-client';
import { secondsToWait } from './seconds-to-wait';
import { type Hits, ThrottleStorage } from './throttle-storage';

/** How long the start waits for the connection. Requests never wait for it. */
const FIRST_CONNECT_MILLISECONDS = 1000;
/** Length of the digest. 128 bits are enough to rule out collisions. */
const KEY_BYTES = 16;

export class RedisStorage extends ThrottleStorage {
  private readonly logger = new Logger('limits');
  private client: RedisClient | undefined;
  private told = false;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly digests: KeyedDigest,
  ) {
    super();
  }

  /** Undefined: no connection has been tried yet. */
  get isConnected(): boolean | undefined {
    return this.client?.isReady;
  }

  /** Waits for the connection for a second at most; trying goes on after that. */
  override async begin(): Promise<void> {
    const client = await createRedisClient(this.url, (error) => this.lost(error));
    client.on('ready', () => this.found());
    this.client = client;
    const connecting = client.connect().catch((error: unknown) => this.lost(error));
    await within(FIRST_CONNECT_MILLISECONDS, connecting);
  }

  override end(): void {
    if (this.client?.isOpen === true) this.client.destroy();
  }

  /** @throws Error when the server is away */
  override async increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const client = this.connected();
    const now = this.clock.now().getTime();
    const { hits, endsAt, isBlocked } = await client.hit(this.keyOf(key), now, ttl, limit);
    const seconds = secondsToWait(endsAt, now);
    return {
      totalHits: hits + (isBlocked ? 1 : 0),
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }

  /** @throws Error when the server is away */
  override async giveBack(key: string): Promise<void> {
    const client = this.connected();
    await client.giveBack(this.keyOf(key), this.clock.now().getTime());
  }

  /** @throws Error when the server is away */
  override async spentFor(key: string, limit: number): Promise<number> {
    const client = this.connected();
    const now = this.clock.now().getTime();
    const [hits, endsAt] = (await client.hmGet(this.keyOf(key), ['h', 'e'])).map(Number);
    if (hits === undefined || endsAt === undefined || endsAt <= now || hits < limit) return 0;
    return secondsToWait(endsAt, now);
  }

  private connected(): RedisClient {
    if (this.client === undefined) throw new Error('the connection was not begun');
    return this.client;
  }

  private lost(error: unknown): void {
    if (this.told) return;
    this.told = true;
    const reason = error instanceof Error ? error.message || error.name : String(error);
    this.logger.warn(`Redis is away, each instance counts by itself: ${reason}`);
  }

  private found(): void {
    this.told = false;
    this.logger.log('Redis is there: limits per address and session are counted for all instances');
  }

  private keyOf(key: string): string {
    return `latchkey:friction:${this.digests.digest('friction', key).toString('base64url', 0, KEY_BYTES)}`;
  }
}
