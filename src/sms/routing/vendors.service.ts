// The configured vendors, made once from their definitions. Only through here are they called.
import { Injectable } from '@nestjs/common';
import { HttpConfig } from '../../config/http.config';
import { LoadedConfig } from '../../config/load-config';
import { Clock } from '../../platform/clock/clock';
import { OutboundHttp } from '../../platform/http/outbound-http';
import { Random } from '../../platform/random/random';
import type { Route } from '../contract/message-source';
import type { CodeSender, MessageSender, Provider, VerificationService } from '../contract/provider';
import { providerDefinitions } from '../providers';
import { SmsConfig } from '../sms.config';

@Injectable()
export class Vendors {
  private readonly vendors: readonly Provider[];
  readonly routes: readonly Route[];

  constructor(config: LoadedConfig, http: OutboundHttp, clock: Clock, random: Random) {
    const { SMS_PROVIDERS, SMS_WEBHOOK_BASE_URL } = config.get(SmsConfig);
    const base = SMS_WEBHOOK_BASE_URL ?? config.get(HttpConfig).PUBLIC_URL;
    this.vendors = SMS_PROVIDERS.map((name) => {
      const definition = providerDefinitions.find((candidate) => candidate.name === name);
      if (definition === undefined) throw new Error(`unknown SMS provider ${name}`);
      const webhookUrl = base === undefined ? undefined : `${base}/webhooks/sms/${name}`;
      return definition.create({ config: config.get(definition.config), http, clock, random, webhookUrl });
    });
    this.routes = this.vendors.map(routeOf);
  }

  /** @throws Error when the provider is no message sender, or is not configured (any more) */
  sender(provider: string): MessageSender {
    const vendor = this.find(provider);
    if (vendor?.kind !== 'sender') throw new Error(`${provider} is not a configured message sender`);
    return vendor;
  }

  /** @throws Error as `sender` does. */
  codeSender(provider: string): CodeSender {
    const vendor = this.find(provider);
    if (vendor?.kind !== 'code-sender') throw new Error(`${provider} is not a configured code sender`);
    return vendor;
  }

  /** The sender of this vendor's messages; undefined where the vendor chooses it. */
  senderName(provider: string): string | undefined {
    const vendor = this.find(provider);
    return vendor?.kind === 'sender' ? vendor.senderName : undefined;
  }

  service(provider: string): VerificationService | undefined {
    const vendor = this.find(provider);
    return vendor?.kind === 'service' ? vendor : undefined;
  }

  private find(provider: string) {
    return this.vendors.find((vendor) => vendor.provider === provider);
  }
}

function routeOf(vendor: Provider): Route {
  const { provider, kind } = vendor;
  const channels = vendor.kind === 'sender' ? (['sms'] as const) : vendor.channels;
  return { provider, kind, channels, codeLength: vendor.kind === 'service' ? vendor.codeLength : null };
}
