import { Module } from '@nestjs/common';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { Invites } from './invites.service';

@Module({ imports: [IdentifiersModule], providers: [Invites], exports: [Invites] })
export class InvitesModule {}
