import { Injectable } from '@nestjs/common';
import type { MessageSource } from './contract/message-source';

/** Who composes what an `sms` job sends. Sources register in onModuleInit, before the first job runs. */
@Injectable()
export class MessageSources {
  private readonly sources = new Map<string, MessageSource>();

  register(source: MessageSource): void {
    if (this.sources.has(source.name)) throw new Error(`message source ${source.name} is registered twice`);
    this.sources.set(source.name, source);
  }

  all(): readonly MessageSource[] {
    return [...this.sources.values()];
  }

  /** @returns undefined for a name that only another version knows */
  find(name: string): MessageSource | undefined {
    return this.sources.get(name);
  }

  /** @throws Error for an unknown name: a job of another version; it stays in the queue for an instance that knows it. */
  get(name: string): MessageSource {
    const source = this.sources.get(name);
    if (source === undefined) throw new Error(`no message source named ${name}`);
    return source;
  }
}
