import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from './operator-error';

const POLL_MS = 100;
/** Ports are taken from this range. It is below those that Linux (32768), macOS and Windows (49152) use for outgoing connections and `listen(0)`. */
const LOWEST = 10_000;
const HIGHEST = 32_767;
const TRIES = 100;

/**
 * Finds a port for a program that will listen later. One of `listen(0)` would not do: until then any outgoing connection of the machine may get
 * it, and the program would end with EADDRINUSE.
 * @returns a port that nobody listens on at this moment
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = await tryListen(randomInt(LOWEST, HIGHEST + 1), host);
    if (port !== undefined) return port;
  }
  throw new Error(`no free port on ${host}`);
}

/** Waits for a port that a process of an earlier run may be about to leave. @returns whether it came free within the time */
export async function portComesFree(port: number, host: string, withinMs: number): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    if ((await tryListen(port, host)) !== undefined) return true;
    if (waited >= withinMs) return false;
    await sleep(POLL_MS);
  }
}

/**
 * For the refusal of `listen`: a host that cannot be looked up, or is another machine's, is told by its setting. The error itself names none, and a
 * look-up that fails at the start is otherwise taken for that of the database (explain.ts).
 */
export function hostRefused(key: string): (error: unknown) => never {
  return (error) => {
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall !== 'getaddrinfo' && code !== 'EADDRNOTAVAIL') throw error;
    throw new OperatorError(`${key} names no address (${code}): set it to one of this machine`);
  };
}

/**
 * Listens on a port of ours beside PORT. Takes a free one when the default one is in use, so that nobody has to choose these ports to try out two
 * instances on one machine.
 * @param isChosen whether the port must be this one
 * @returns the port bound. @throws OperatorError when it is in use, with its setting; any other error of `listen`
 */
export async function listenBeside(
  listen: (port: number) => Promise<number>,
  key: string,
  port: number,
  isChosen: boolean,
): Promise<number> {
  try {
    return await listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (!isChosen) return listen(0);
    throw new OperatorError(`port ${port} is in use: set ${key} to another, or 0 for a free one`);
  }
}

/** @returns the port if it could be bound, undefined if it is in use. Any other refusal counts as free: the real listener will report it */
function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? undefined : port));
    probe.listen(port, host, () => probe.close(() => resolve(port)));
  });
}
