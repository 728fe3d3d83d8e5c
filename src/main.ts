// One instance of the app: configuration, migration, app, listen, graceful stop. stdout gets JSON lines only. A refusal to start gives one line on
// stderr and exit code 1.
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { loadAppConfig } from './app.config';
import { createApp, listen } from './app.setup';
import { ConfigError } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { leavePort } from './http/leave-port';
import { JobsService } from './jobs/jobs.service';
import { ProcessRecord } from './ops/process-record.service';
import { StateMark } from './ops/state/state-mark.service';
import { explain } from './platform/process/explain';
import { Lifecycle } from './platform/process/lifecycle';
import { endLightStart } from './platform/process/light-start';
import { Readiness } from './platform/request/readiness';

async function main(lifecycle: Lifecycle): Promise<void> {
  const config = loadAppConfig(process.env);
  const database = config.get(DatabaseConfig);
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  if (database.MIGRATE_ON_START) {
    const { migrate } = await import('./database/migrate');
    await migrate(database.migrationUrl, note, database.appRole);
  }
  const app = await createApp(config);
  lifecycle.serve({
    drain: () => (app.get(Readiness).draining = true),
    leave: () => leavePort(app.getHttpServer()),
    close: () =>
      app
        .get(ProcessRecord)
        .stopping()
        .then(() => app.close()),
    report: (error) => new Logger('process').error(error instanceof Error ? error : new Error(String(error))),
  });
  await app.get(StateMark).begin();
  const addresses = await listen(app, config);
  await app.get(ProcessRecord).started();
  endLightStart();
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...addresses })}\n`);
  app.get(JobsService).begin();
}

main(new Lifecycle(process).listen()).catch((error: unknown) => {
  process.stderr.write(`latchkey: ${explain(error, [ConfigError])}\n`);
  process.exit(1);
});
