// Where events of the audit log are posted, and which ones. Without AUDIT_WEBHOOK_URL none are posted.
import { type AuditEventName, auditEvents } from '../../audit/audit.types';
import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { EnvList, EnvSecret, EnvUrl } from '../../config/fields';
import { Secret } from '../../config/secret';
import { keysOf } from './standard-webhook.algorithm';

export class AuditWebhookConfig extends ConfigSlice {
  @EnvUrl() AUDIT_WEBHOOK_URL?: string;
  @EnvSecret() AUDIT_WEBHOOK_SECRET?: Secret;
  @EnvList({ matches: /^([a-z_]{1,64}|\*)$/, message: 'must list events of the audit log, or *' })
  AUDIT_WEBHOOK_EVENTS: string[] = [];

  override problems(environment: Environment): Problem[] {
    const { AUDIT_WEBHOOK_URL: url, AUDIT_WEBHOOK_SECRET: secret, AUDIT_WEBHOOK_EVENTS: events } = this;
    const problems: Problem[] = [];
    const unknown = events.filter((name) => name !== '*' && !(name in auditEvents));
    if (unknown.length > 0) {
      problems.push({
        key: 'AUDIT_WEBHOOK_EVENTS',
        reason: 'lists an event that the audit log does not have (src/audit/audit.types.ts)',
      });
    }
    if (url === undefined) return problems;
    if (environment.production && !url.startsWith('https:')) {
      problems.push({ key: 'AUDIT_WEBHOOK_URL', reason: 'must be https in production' });
    }
    if (events.length === 0) problems.push({ key: 'AUDIT_WEBHOOK_EVENTS', reason: 'is required: event names, or *' });
    if (secret === undefined || keysOf(secret).length === 0) {
      const reason = 'must be whsec_ and the base64 of 24 to 64 bytes; two of them, with a comma, while it changes';
      problems.push({ key: 'AUDIT_WEBHOOK_SECRET', reason });
    }
    return problems;
  }

  /** Names of the events that are posted. */
  get events(): AuditEventName[] {
    const all = Object.keys(auditEvents) as AuditEventName[];
    return this.AUDIT_WEBHOOK_EVENTS.includes('*')
      ? all
      : all.filter((name) => this.AUDIT_WEBHOOK_EVENTS.includes(name));
  }
}
