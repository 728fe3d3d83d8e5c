import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { Invites } from './invites.service';

@Module({ imports: [OtpModule], providers: [Invites, IssuePolicyService], exports: [Invites] })
export class InvitesModule {}
