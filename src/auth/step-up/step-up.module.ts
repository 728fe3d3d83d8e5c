import { Module } from '@nestjs/common';
import { IssuanceModule } from '../issuance/issuance.module';
import { PasswordModule } from '../password/password.module';
import { StepUpController } from './step-up.controller';
import { StepUpGuard } from './step-up.guard';
import { StepUpService } from './step-up.service';

/** The guard is exported and not registered here: app.setup.ts puts it behind the access guard. */
@Module({
  imports: [IssuanceModule, PasswordModule],
  controllers: [StepUpController],
  providers: [StepUpService, StepUpGuard],
  exports: [StepUpGuard],
})
export class StepUpModule {}
