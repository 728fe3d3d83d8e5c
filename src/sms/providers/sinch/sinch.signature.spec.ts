import fixture from './fixtures/sinch-signature.json';
import { callerProblem } from './dialect/caller.dialect';
import { sinchSignature } from './sinch.signature';

describe.each(fixture.vectors.map((vector) => [vector.path, vector] as const))(
  'published vector %s',
  (_path, vector) => {
    const headers = {
      authorization: `Application ${vector.key}:${vector.signature}`,
      'x-timestamp': vector.timestamp,
      'content-type': vector.contentType,
    };
    const request = { method: vector.method, path: vector.path, query: {}, params: {}, headers, rawBody: vector.body };
    const credentials = { SINCH_APPLICATION_KEY: vector.key, SINCH_APPLICATION_SECRET: vector.secret };

    it('is what we sign', () => {
      expect(sinchSignature(vector.secret, vector)).toBe(vector.signature);
    });

    it('is what the dialect accepts', () => {
      expect(callerProblem(request, credentials)).toBeUndefined();
    });

    it.each([
      { method: 'PUT' },
      { path: '/other' },
      { rawBody: '{}' },
      { headers: { ...headers, 'content-type': 'text/plain' } },
    ])('is refused by the dialect over other bytes: %j', (change) => {
      expect(callerProblem({ ...request, ...change }, credentials)).toEqual({
        code: 40102,
        message: 'Invalid signature',
      });
    });
  },
);
