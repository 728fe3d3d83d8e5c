import { Injectable } from '@nestjs/common';
import { ByName } from '../platform/memory/by-name';
import type { MailSource } from './mail.types';

/** The sources that compose what `mail` jobs send. */
@Injectable()
export class MailSources extends ByName<MailSource> {
  constructor() {
    super('mail source');
  }
}
