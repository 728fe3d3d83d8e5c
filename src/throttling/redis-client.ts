// The connection to Redis or Valkey, and the two scripts that count in it. A script is atomic on its key, so no hit is lost.
// A key has the fields `h`, the hits that passed, and `e`, the end of its window by the Clock of the instance that opened it.
import type { CommandParser } from '@redis/client';

const CONNECT_MILLISECONDS = 2000;
/** More than callers can have open at a time: each waits 100 ms at most (fallback.storage.ts). */
const COMMANDS_WAITING = 10_000;

const openWindow = `
local kept = redis.call('HMGET', KEYS[1], 'h', 'e')
local now = tonumber(ARGV[1])
local hits, ends = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
local open = ends > now`;

const hitScript = `${openWindow}
local ttl, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
if not open then
  hits, ends = 0, now + ttl
  redis.call('HSET', KEYS[1], 'h', 0, 'e', ends)
  redis.call('PEXPIRE', KEYS[1], ttl)
end
if hits >= limit then return {hits, ends, 1} end
return {redis.call('HINCRBY', KEYS[1], 'h', 1), ends, 0}`;

const giveBackScript = `${openWindow}
if open and hits > 0 then redis.call('HINCRBY', KEYS[1], 'h', -1) end
return 0`;

type Parse = (parser: CommandParser, key: string, ...numbers: number[]) => void;

const parseCommand: Parse = (parser, key, ...numbers) => {
  parser.pushKey(key);
  parser.push(...numbers.map(String));
};

/**
 * Makes a client that is not connected yet. Once it is, it reconnects whenever the connection is lost; meanwhile every command fails at once.
 * @param onError told of every failed connection
 */
export async function createRedisClient(url: string, onError: (error: Error) => void) {
  const { createClient, defineScript } = await import('@redis/client'); // loaded only where it is used, because loading takes time
  const script = { NUMBER_OF_KEYS: 1, parseCommand };
  const client = createClient({
    url,
    name: 'latchkey',
    disableOfflineQueue: true,
    commandsQueueMaxLength: COMMANDS_WAITING,
    maintNotifications: 'disabled',
    socket: { connectTimeout: CONNECT_MILLISECONDS },
    scripts: {
      hit: defineScript({ ...script, SCRIPT: hitScript, transformReply: readHit }),
      giveBack: defineScript({ ...script, SCRIPT: giveBackScript, transformReply: () => undefined }),
    },
  });
  client.on('error', onError);
  return client;
}

export type RedisClient = Awaited<ReturnType<typeof createRedisClient>>;

export interface CountedHit {
  readonly hits: number;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly isBlocked: boolean;
}

function readHit(reply: unknown): CountedHit {
  const [hits = 0, endsAt = 0, blocked = 0] = (reply as unknown[]).map(Number);
  return { hits, endsAt, isBlocked: blocked === 1 };
}
