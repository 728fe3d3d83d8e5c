// The program: it reads the settings, opens its ports and writes one ready line to stdout. It stops on a signal, when the parent process says so,
// and when the parent process has ended. stdout and stderr get JSON lines only. A setting that cannot be used gives one line on stderr, and
// exit code 1.
import type { AddressInfo } from 'node:net';
import { SystemClock } from '../platform/clock/system-clock';
import { AxiosOutboundHttp } from '../platform/http/axios-outbound-http';
import { NodeRandom } from '../platform/random/node-random';
import { dialects } from '../sms/providers/dialects';
import { FaultList } from './faults';
import { Mailbox } from './mailbox';
import { createSimulator } from './simulator';
import { openRelay, type SimulatedRelay } from './smtp';
import { readCredentials, readSettings, SettingRefused } from './simulator.settings';

type Line = Readonly<Record<string, unknown>>;
const complain = (line: Line): unknown => process.stderr.write(`${JSON.stringify(line)}\n`);

async function run(): Promise<void> {
  const variables = process.env;
  const settings = readSettings(variables);
  const [clock, random, faults] = [new SystemClock(settings.clockOffsetFile), new NodeRandom(), new FaultList()];
  const reportBug = (error: Error): unknown => complain({ event: 'bug', error: error.message, stack: error.stack });
  const mailbox = new Mailbox(clock, random);
  const relay = await openedRelay(settings, { mailbox, faults, reportBug });
  const app = createSimulator({
    dialects,
    clock,
    random,
    mailbox,
    faults,
    credentials: readCredentials(variables, dialects),
    http: new AxiosOutboundHttp(),
    webhookUrl: settings.webhookUrl,
    reportBug,
  });
  const stop = once(async () => {
    await Promise.all([app.close(), relay?.close()]);
    if (process.connected) process.disconnect();
  });
  process.on('SIGTERM', stop).on('SIGINT', stop).on('disconnect', stop);
  process.on('message', (message) => message === 'stop' && stop());
  await listen(app, settings).catch(async (error: unknown) => {
    await relay?.close();
    throw error;
  });
  const { port } = app.server.address() as AddressInfo;
  const smtp = relay && { smtp: `smtp://${settings.host}:${relay.port}` };
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', simulator: `http://${settings.host}:${port}`, ...smtp })}\n`,
  );
}

/** Opens the mail relay. @throws SettingRefused when a port that somebody has chosen is in use or not allowed */
async function openedRelay(
  { host, smtpPort, smtpPortMayDiffer }: ReturnType<typeof readSettings>,
  parts: Parameters<typeof openRelay>[2],
): Promise<SimulatedRelay | undefined> {
  if (smtpPort === undefined) return undefined;
  try {
    return await openRelay(host, smtpPort, parts);
  } catch (error) {
    if (smtpPortMayDiffer) return openRelay(host, 0, parts);
    throw portRefused('SIMULATOR_SMTP_PORT', smtpPort, error);
  }
}

/** @throws SettingRefused when the port is in use or not allowed */
async function listen(
  app: ReturnType<typeof createSimulator>,
  { host, port }: { host: string; port: number },
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw portRefused('SIMULATOR_PORT', port, error);
  }
}

function portRefused(setting: string, port: number, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return new SettingRefused(setting, `${port} is in use; 0 picks a free port`);
  if (syscall === 'getaddrinfo' || code === 'EADDRNOTAVAIL')
    return new SettingRefused('SIMULATOR_HOST', 'names no address of this machine');
  return code === 'EACCES' ? new SettingRefused(setting, `${port} is not allowed for this user`) : error;
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
