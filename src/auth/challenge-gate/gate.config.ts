// Whether there is a gate, and of which kind. Off by default, since it would shut out apps that are in use and do not know of it (ADR 60).
import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { EnvChoice, EnvInt, EnvSecret, EnvString, EnvUrl } from '../../config/fields';
import type { Secret } from '../../config/secret';
import type { GateKind } from './gate.types';

/** Solving it takes a quarter of a second of JavaScript on one core, but an attacker only milliseconds. With less the gate would slow nobody down. */
const PRODUCTION_MIN_DIFFICULTY = 14;
/**
 * The vendors' public secrets for tests, which let everybody or nobody pass. developers.cloudflare.com/turnstile/troubleshooting/testing,
 * docs.hcaptcha.com (2025-11).
 */
const testSecret = /^([123]x0{31}AA|0x0{40})$/;
const siteKey = { matches: /^[\x21-\x7e]{1,100}$/, message: 'must be the site key of the widget' };

export class GateConfig extends ConfigSlice {
  /** `alarm`: shut while there is an alarm about second factors. */
  @EnvChoice('off', 'alarm', 'always') CHALLENGE_GATE: 'off' | 'alarm' | 'always' = 'off';
  @EnvChoice('proof_of_work', 'turnstile', 'hcaptcha') CHALLENGE_GATE_KIND: GateKind = 'proof_of_work';
  /** Leading zero bits, of which each doubles the work. It also holds for the puzzle that replaces a vendor. */
  @EnvInt({ min: 4, max: 28 }) CHALLENGE_GATE_DIFFICULTY: number = 18;

  @EnvString(siteKey) TURNSTILE_SITE_KEY?: string;
  @EnvSecret() TURNSTILE_SECRET_KEY?: Secret;
  @EnvUrl({ origin: true }) TURNSTILE_BASE_URL: string = 'https://challenges.cloudflare.com';

  @EnvString(siteKey) HCAPTCHA_SITE_KEY?: string;
  @EnvSecret() HCAPTCHA_SECRET_KEY?: Secret;
  @EnvUrl({ origin: true }) HCAPTCHA_BASE_URL: string = 'https://api.hcaptcha.com';

  override problems({ production }: Environment): Problem[] {
    if (this.CHALLENGE_GATE === 'off') return [];
    const found = this.CHALLENGE_GATE_KIND === 'proof_of_work' ? [] : this.problemsOfVendor(production);
    if (production && this.CHALLENGE_GATE_DIFFICULTY < PRODUCTION_MIN_DIFFICULTY) {
      const reason = `must be at least ${PRODUCTION_MIN_DIFFICULTY} in production`;
      found.push({ key: 'CHALLENGE_GATE_DIFFICULTY', reason });
    }
    return found;
  }

  private problemsOfVendor(production: boolean): Problem[] {
    const name = this.CHALLENGE_GATE_KIND === 'turnstile' ? 'TURNSTILE' : 'HCAPTCHA';
    const found: Problem[] = [];
    if (this[`${name}_SITE_KEY`] === undefined) found.push({ key: `${name}_SITE_KEY`, reason: 'is required' });
    const secret = this[`${name}_SECRET_KEY`]?.reveal();
    if (secret === undefined) found.push({ key: `${name}_SECRET_KEY`, reason: 'is required' });
    else if (production && testSecret.test(secret)) {
      found.push({ key: `${name}_SECRET_KEY`, reason: 'is one that the vendor publishes for tests' });
    }
    if (production && this[`${name}_BASE_URL`].startsWith('http:')) {
      found.push({ key: `${name}_BASE_URL`, reason: 'must be https in production' });
    }
    return found;
  }
}
