// Twilio Verify's own words, checked on arrival.
import type { Channel } from '../../contract/provider';
import { type JsonObject, vendorId } from '../../contract/vendor-answer';
import type { TwilioForm } from './twilio.request';

export interface TwilioVerificationForm extends TwilioForm {
  readonly To: string;
  readonly Channel: 'sms' | 'call';
}

export interface TwilioVerification {
  readonly sid: string;
  readonly status: string;
  readonly valid: boolean;
}

export function channelOf(channel: Channel): TwilioVerificationForm['Channel'] {
  return channel === 'voice' ? 'call' : 'sms';
}

/** @returns undefined when there is no verification with a usable SID and a state. */
export function readVerification(body: JsonObject): TwilioVerification | undefined {
  const { status, valid } = body;
  const sid = vendorId(body['sid']);
  if (sid === undefined || !/^VE/.test(sid) || typeof status !== 'string' || typeof valid !== 'boolean') {
    return undefined;
  }
  return { sid, status, valid };
}

// Where Twilio tells regions of one language apart; anything else is asked for by its language alone.
const regional = ['en-GB', 'pt-BR', 'zh-CN', 'zh-HK'];

/** A BCP 47 tag as Twilio names its translations. */
export function localeOf(tag: string): string {
  const same = regional.find((known) => known.toLowerCase() === tag.toLowerCase());
  return same ?? tag.split('-', 1)[0] ?? tag;
}
