// Leaves a port that other instances go on serving (F23): no new connection is taken, and those there are end between two requests, never within one.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
/** Longer than nearly any answer takes. A slower request is still served, while the rest of the process closes. */
const WITHIN_MS = 5000;

/** @returns once no connection is left, or after 5 s */
export async function leavePort(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close(); // ends idle connections as well
  const timer = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  await Promise.race([closed, sleep(WITHIN_MS, undefined, { ref: false })]);
  clearInterval(timer);
}
