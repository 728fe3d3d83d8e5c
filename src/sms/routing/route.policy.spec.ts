// Which vendors may carry what, in which order, and how SMS_ROUTES is read.
import type { Route } from '../contract/message-source';
import { parseCountryRoutes } from './country-routes';
import { codeChannels, codeRoutes, routesOfCountry, textRoutes } from './route.policy';

const sender = (provider: string): Route => ({ provider, kind: 'sender', channels: ['sms'], codeLength: null });
const codeSender = (provider: string): Route => ({
  provider,
  kind: 'code-sender',
  channels: ['sms', 'voice'],
  codeLength: null,
});
const service = (provider: string): Route => ({ provider, kind: 'service', channels: ['sms', 'voice'], codeLength: 4 });

const names = (routes: readonly Route[]) => routes.map(({ provider }) => provider);
const known = { channel: 'sms', anonymous: false } as const;
const stranger = { channel: 'sms', anonymous: true } as const;

describe('the vendors of a code', () => {
  const mixed = [service('s1'), sender('a'), codeSender('c'), sender('b'), service('s2')];

  it('are all of them, in their order, for somebody who has proved a password', () => {
    expect(names(codeRoutes(mixed, known))).toEqual(['s1', 'a', 'c', 'b', 's2']);
  });

  it('A55: never include a service for a stranger while a vendor carries our code, so that no failover tells a decoy', () => {
    expect(names(codeRoutes(mixed, stranger))).toEqual(['a', 'c', 'b']);
    expect(names(codeRoutes([service('s1'), service('s2')], stranger))).toEqual(['s1', 's2']);
  });

  it('are those that can call, when a call is asked for', () => {
    expect(names(codeRoutes(mixed, { channel: 'voice', anonymous: false }))).toEqual(['s1', 'c', 's2']);
    expect(names(codeRoutes(mixed, { channel: 'voice', anonymous: true }))).toEqual(['c']);
  });

  it('offer every channel that one of them has', () => {
    expect(codeChannels([sender('a'), service('s1')], false)).toEqual(['sms', 'voice']);
    expect(codeChannels([sender('a'), service('s1')], true)).toEqual(['sms']);
  });

  it('are senders only for a text', () => {
    expect(names(textRoutes(mixed))).toEqual(['a', 'b']);
  });
});

describe('SMS_ROUTES', () => {
  const providers = ['telnyx', 'infobip', 'twilio'];
  const all = providers.map(sender);
  const of = (text: string, country: string | undefined) => {
    const routes = parseCountryRoutes(text, providers);
    if ('reason' in routes) throw new Error(routes.reason);
    return names(routesOfCountry(all, routes, country));
  };

  it('gives a country its own order, and * to all the others', () => {
    const text = ' GB = infobip, telnyx ; *=twilio ';
    expect(of(text, 'GB')).toEqual(['infobip', 'telnyx']);
    expect(of(text, 'DE')).toEqual(['twilio']);
    expect(of(text, undefined)).toEqual(['twilio']);
  });

  it('leaves the order of SMS_PROVIDERS to every country that is not named', () => {
    expect(of('GB=twilio', 'DE')).toEqual(providers);
    expect(of('', 'GB')).toEqual(providers);
    expect(of('GB=twilio;', 'GB')).toEqual(['twilio']);
  });

  it.each([
    ['GB', 'must name vendors'],
    ['GB=', 'must name vendors'],
    ['GB=telnyx,', 'must name vendors'],
    ['GB=telnyx=infobip', 'must look like'],
    ['UK=telnyx', 'must name countries'],
    ['gb=telnyx', 'must name countries'],
    ['=telnyx', 'must name countries'],
    ['GB=vonage', 'must name vendors'],
    ['GB=telnyx,telnyx', 'must not name a vendor twice'],
    ['GB=telnyx;GB=infobip', 'must not name a country twice'],
  ])('refuses %s', (text, reason) => {
    expect(parseCountryRoutes(text, providers)).toEqual({ reason: expect.stringContaining(reason) as string });
  });
});
