// Records starts, stops and changes of the configuration in the audit log (security.md 5.10). A setting is recorded by its name and a keyed
// digest of its value, with which the next start compares its own. The value itself is never recorded. When the record cannot be written,
// the process starts and stops all the same.
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service';
import { AuditReader } from '../audit/audit-reader.service';
import type { AuditEventName } from '../audit/audit.types';
import { LoadedConfig } from '../config/load-config';
import { Secret } from '../config/secret';
import { Database } from '../database/database.service';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { within } from '../platform/time/in-time';

const STOP_MILLISECONDS = 1000;
const DIGEST_BYTES = 6;
/** Settings of one start or one machine. They differ between instances, so a difference does not mean that the configuration was changed. */
const OWN: readonly string[] = [
  'PORT',
  'ADMIN_PORT',
  'METRICS_PORT',
  'METRICS_HOST',
  'HOST',
  'LATCHKEY_DIR',
  'SIMULATOR_PORT',
  'CLOCK_OFFSET_FILE',
];

type Settings = Readonly<Record<string, string>>;

@Injectable()
export class ProcessRecord {
  private readonly logger = new Logger('process');

  constructor(
    private readonly audit: AuditLog,
    private readonly log: AuditReader,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: LoadedConfig,
    private readonly digests: KeyedDigest,
  ) {}

  /** Records the start, and which settings differ from those of the last start before this one, of whichever instance. */
  async started(): Promise<void> {
    await this.quietly(async () => {
      const settings = new Map(this.settings().map(([key, value]) => [key, this.digestsOf(key, value)]));
      const { entries } = await this.log.page({ event: 'sys_startup' }, '', 1);
      const before = entries[0]?.meta?.['settings'] as Settings | undefined;
      const current = Object.fromEntries([...settings].map(([key, [digest]]) => [key, digest]));
      await this.record('sys_startup', { settings: current });
      if (before === undefined) return;
      const isSame = (key: string): boolean => settings.get(key)?.includes(before[key] ?? '') ?? false;
      const changed = Object.keys({ ...before, ...current }).filter((key) => !isSame(key));
      if (changed.length > 0) await this.record('config_changed', { changed });
    });
  }

  async stopping(): Promise<void> {
    const recorded = this.quietly(() => this.record('sys_shutdown'));
    await within(STOP_MILLISECONDS, recorded);
  }

  private record(event: AuditEventName, meta: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.audit.record(this.database, { event, at: this.clock.now(), meta: { pid: process.pid, ...meta } });
  }

  private settings(): [string, unknown][] {
    const slices = [...this.config.entries()].map(([, slice]) => Object.entries(slice));
    return slices.flat().filter(([key, value]) => /^[A-Z]/.test(key) && value !== undefined && !OWN.includes(key));
  }

  /** One digest for each secret of the ring, the current one first. So after a rotation of the ring the digests from before still match. */
  private digestsOf(key: string, value: unknown): string[] {
    const text = value instanceof Secret ? value.reveal() : JSON.stringify(value, revealed);
    return this.digests
      .all('setting', `${key}=${text}`)
      .map((digest) => digest.subarray(0, DIGEST_BYTES).toString('hex'));
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.logger.warn(error));
  }
}

function revealed(_: string, value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}
