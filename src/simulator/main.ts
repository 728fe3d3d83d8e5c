// Starts the simulator: settings -> server -> one ready line on stdout -> stop on a signal, or when the parent says so or dies.
// stdout and stderr carry JSON lines only; a setting that cannot be used is one line on stderr and exit code 1.
import type { AddressInfo } from 'node:net';
import { SystemClock } from '../platform/clock/system-clock';
import { AxiosOutboundHttp } from '../platform/http/axios-outbound-http';
import { NodeRandom } from '../platform/random/node-random';
import { dialects } from '../sms/providers/dialects';
import { createSimulator } from './simulator';
import { readCredentials, readSettings, SettingRefused } from './simulator.settings';

type Line = Readonly<Record<string, unknown>>;
const complain = (line: Line): unknown => process.stderr.write(`${JSON.stringify(line)}\n`);

async function run(): Promise<void> {
  const variables = process.env;
  const settings = readSettings(variables);
  const app = createSimulator({
    dialects,
    clock: new SystemClock(settings.clockOffsetFile),
    random: new NodeRandom(),
    credentials: readCredentials(variables, dialects),
    http: new AxiosOutboundHttp(),
    webhookUrl: settings.webhookUrl,
    reportBug: (error) => complain({ event: 'bug', error: error.message, stack: error.stack }),
  });
  const stop = once(async () => {
    await app.close();
    if (process.connected) process.disconnect();
  });
  process.on('SIGTERM', stop).on('SIGINT', stop).on('disconnect', stop);
  process.on('message', (message) => message === 'stop' && stop());
  await listen(app, settings);
  const { port } = app.server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ event: 'ready', simulator: `http://${settings.host}:${port}` })}\n`);
}

/** @throws SettingRefused when the port is taken or not allowed */
async function listen(
  app: ReturnType<typeof createSimulator>,
  { host, port }: { host: string; port: number },
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new SettingRefused('SIMULATOR_PORT', `${port} is in use; 0 picks a free port`);
    if (code === 'EACCES') throw new SettingRefused('SIMULATOR_PORT', `${port} is not allowed for this user`);
    throw error;
  }
}

function once(task: () => Promise<void>): () => void {
  let started = false;
  return () => {
    if (started) return;
    started = true;
    task().catch(fail);
  };
}

function fail(error: unknown): void {
  const refused = error instanceof SettingRefused ? { setting: error.setting, reason: error.reason } : undefined;
  complain(refused === undefined ? { event: 'failed', error: String(error) } : { event: 'refused', ...refused });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}

run().catch(fail);
