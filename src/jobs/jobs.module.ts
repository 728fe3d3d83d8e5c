import { DynamicModule, Module } from '@nestjs/common';
import { JobMetrics } from './jobs.metrics';
import { JobRegistry } from './job-registry.service';
import { JobsService } from './jobs.service';

@Module({})
export class JobsModule {
  /** @param options.runsJobs without it handlers may register, and none of them runs in this process */
  static forRoot({ runsJobs }: { runsJobs: boolean }): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: runsJobs ? [JobRegistry, JobMetrics, JobsService] : [JobRegistry],
      exports: [JobRegistry],
    };
  }
}
