import { Injectable } from '@nestjs/common';
import type { MailSource } from './mail.types';

/** Who composes what a `mail` job sends. Sources register in onModuleInit, before the first job runs. */
@Injectable()
export class MailSources {
  private readonly sources = new Map<string, MailSource>();

  register(source: MailSource): void {
    if (this.sources.has(source.name)) throw new Error(`mail source ${source.name} is registered twice`);
    this.sources.set(source.name, source);
  }

  /** @throws Error for an unknown name: a job of another version; it stays in the queue for an instance that knows it. */
  get(name: string): MailSource {
    const source = this.sources.get(name);
    if (source === undefined) throw new Error(`no mail source named ${name}`);
    return source;
  }
}
