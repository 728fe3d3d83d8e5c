import { Module } from '@nestjs/common';
import { Identifiers } from './identifiers.service';

@Module({ providers: [Identifiers], exports: [Identifiers] })
export class IdentifiersModule {}
