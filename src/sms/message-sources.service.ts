import { Injectable } from '@nestjs/common';
import { ByName } from '../platform/memory/by-name';
import type { MessageSource } from './contract/message-source';

/** The sources that compose what `sms` jobs send. */
@Injectable()
export class MessageSources extends ByName<MessageSource> {
  constructor() {
    super('message source');
  }
}
