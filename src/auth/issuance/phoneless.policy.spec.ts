import { phonelessMethods } from './phoneless.policy';

const email = 'person@mail.example';

describe('A98: an account without a number', () => {
  it.each([
    [{ totpEnabled: true, recoveryCodesLeft: 3 }, ['totp', 'recovery_code']],
    [{ totpEnabled: true, recoveryCodesLeft: 0 }, ['totp']],
    [{ totpEnabled: false, recoveryCodesLeft: 1 }, ['recovery_code']],
  ])('with %j is proved by these, never by its mailbox', (factors, methods) => {
    expect(phonelessMethods({ ...factors, email }, true)).toEqual(methods);
    expect(phonelessMethods({ ...factors, email: null }, false)).toEqual(methods);
  });

  it('with neither is proved by a code that is mailed to its proved address, where mail can be sent', () => {
    const none = { totpEnabled: false, recoveryCodesLeft: 0 };
    expect(phonelessMethods({ ...none, email }, true)).toEqual(['email']);
    expect(phonelessMethods({ ...none, email }, false)).toEqual([]);
    expect(phonelessMethods({ ...none, email: null }, true)).toEqual([]);
  });
});
