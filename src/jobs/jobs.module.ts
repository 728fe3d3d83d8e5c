import { DynamicModule, Module } from '@nestjs/common';
import { JobMetrics } from './jobs.metrics';
import { JobRegistry } from './job-registry.service';
import { JobsService } from './jobs.service';
import { Outbox, OutboxPlaces } from './outbox.service';
import { CONCURRENCY } from './queue-runner';

@Module({})
export class JobsModule {
  /** @param options.runsJobs false: handlers may be registered, but none of them runs in this process */
  static forRoot({ runsJobs }: { runsJobs: boolean }): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [
        JobRegistry,
        JobMetrics,
        Outbox,
        { provide: OutboxPlaces, useValue: { count: runsJobs ? CONCURRENCY : 0 } },
        ...(runsJobs ? [JobsService] : []),
      ],
      exports: [JobRegistry, Outbox],
    };
  }
}
