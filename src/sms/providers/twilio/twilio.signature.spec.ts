import { twilioSignature } from './twilio.signature';

// twilio/twilio-node spec/unit/webhooks/webhooks.spec.js, and Twilio's guide "Webhooks security": the example with the token 12345.
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const form = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};

it('A88: signs as Twilio’s own example does, in whatever order the parameters come', () => {
  const expected = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
  expect(twilioSignature('12345', url, new URLSearchParams(form))).toBe(expected);
  expect(twilioSignature('12345', url, new URLSearchParams(Object.entries(form).reverse()))).toBe(expected);
});

it('A88: a parameter that comes twice with one value counts once; another value, name, URL or token signs otherwise', () => {
  const once = twilioSignature('12345', url, new URLSearchParams('a=1&a=2'));
  expect(twilioSignature('12345', url, new URLSearchParams('a=2&a=1&a=2'))).toBe(once);
  const others = [
    twilioSignature('12345', url, new URLSearchParams('a=1')),
    twilioSignature('12345', url, new URLSearchParams('b=1&a=2')),
    twilioSignature('12345', `${url}&`, new URLSearchParams('a=1&a=2')),
    twilioSignature('12346', url, new URLSearchParams('a=1&a=2')),
  ];
  expect(others).not.toContain(once);
});
