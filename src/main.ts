// One instance of the app: configuration, migration, app, listen, graceful stop. stdout gets JSON lines only. A refusal to start gives one line on
// stderr and exit code 1.
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { loadAppConfig } from './app.config';
import { createApp, listen } from './app.setup';
import { ConfigError } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { migrateOnStart } from './database/migrate-on-start';
import { leavePort } from './http/leave-port';
import { JobsService } from './jobs/jobs.service';
import { ProcessRecord } from './ops/process-record.service';
import { StateMark } from './ops/state/state-mark.service';
import { explain } from './platform/process/explain';
import { Lifecycle } from './platform/process/lifecycle';
import { endLightStart } from './platform/process/light-start';
import { output } from './platform/process/output';
import { Readiness } from './platform/request/readiness';

async function main(lifecycle: Lifecycle): Promise<void> {
  const config = loadAppConfig(process.env);
  await migrateOnStart(config.get(DatabaseConfig), output.note);
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
  output.line(JSON.stringify({ event: 'ready', ...addresses }));
  app.get(JobsService).begin();
}

main(new Lifecycle(process).listen()).catch((error: unknown) => {
  output.note(`latchkey: ${explain(error, [ConfigError])}`);
  process.exit(1);
});
