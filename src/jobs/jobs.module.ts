import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './job-registry.service';
import { JobsService } from './jobs.service';

@Global()
@Module({
  providers: [JobRegistry, JobsService],
  exports: [JobRegistry],
})
export class JobsModule {}
