import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** @returns a port nobody listens on at this moment */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const port = await tryListen(0, host);
  if (port === undefined) throw new Error(`no free port on ${host}`);
  return port;
}

/** @returns whether the port came free within the time: a process of an earlier run may be about to end. */
export async function portComesFree(port: number, host: string, withinMs: number): Promise<boolean> {
  for (let waited = 0; ; waited += POLL_MS) {
    if ((await tryListen(port, host)) !== undefined) return true;
    if (waited >= withinMs) return false;
    await sleep(POLL_MS);
  }
}

/** @returns the port that could be bound, or undefined when it is in use; other refusals are left to the real listener. */
function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? undefined : port));
    probe.listen(port, host, () => {
      const bound = probe.address();
      probe.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : port));
    });
  });
}
