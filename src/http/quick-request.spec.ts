// The quick reading of requests against class-validator and class-transformer themselves, over requests of ours: what it passes, they pass,
// and what they pass it passes too, or it would not be quick (A81).
import fc from 'fast-check';
import { Exclude, plainToInstance, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, MaxLength, Min, ValidateBy, ValidateNested, validateSync } from 'class-validator';
import { LoginRequest } from '../auth/login/login.request';
import { RegisterRequest } from '../auth/register/register.request';
import { VerifyRequest } from '../auth/second-factor/second-factor.request';
import { RefreshRequest } from '../auth/sessions/sessions.request';
import { quickRequestOf } from './quick-request';

class ListRequest {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) limit?: number;
  @IsOptional() @IsString({ each: true }) @MaxLength(20, { each: true }) scopes?: string[];
}

const OPTIONS = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, stopAtFirstError: true };
const requests = [VerifyRequest, RefreshRequest, LoginRequest, RegisterRequest, ListRequest];
const fields = [
  ...[
    'challengeToken',
    'code',
    'method',
    'trustDevice',
    'refreshToken',
    'identifier',
    'password',
    'locale',
    'deviceName',
    'clientId',
  ],
  ...['tokenDelivery', 'phone', 'email', 'displayName', 'limit', 'scopes', 'isAdmin', 'toString'],
];
const right = [
  '012345',
  'sms',
  'recovery_code',
  'ABCD-EFGH-2345-7654',
  'body',
  'cookie',
  'de-AT',
  'shop-web',
  '+12025550123',
  'a@b.example',
];
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...right, true, 7, '7') },
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.integer(),
    fc.constantFrom(null, undefined, '', 'x'.repeat(5000)),
  ),
  fc.array(fc.oneof(fc.constantFrom('introspect', 'https://a.example'), fc.integer()), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'code'), fc.string(), { maxKeys: 2, noNullPrototype: true }),
);

it.each(requests.map((type) => [type.name, type] as const))('says of a %s what class-validator says', (_, type) => {
  const { isRight } = quickRequestOf(type);
  const body = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6, noNullPrototype: true });
  fc.assert(
    fc.property(body, (given) => {
      const object = plainToInstance(type as new () => object, given);
      expect(isRight(object)).toBe(validateSync(object, OPTIONS).length === 0);
    }),
    { numRuns: 1000 },
  );
});

it.each(requests.map((type) => [type.name, type] as const))(
  'makes of a body the %s that class-transformer makes, or nothing',
  (_, type) => {
    const { make } = quickRequestOf(type);
    const body = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(body, (given) => {
        const made = make(given);
        if (made === undefined) return;
        const expected = plainToInstance(type as new () => object, given);
        expect([Object.getPrototypeOf(made), made]).toStrictEqual([Object.getPrototypeOf(expected), expected]);
      }),
      { numRuns: 1000 },
    );
  },
);

it('makes what is plain, and nothing of what is to be changed, left out or nested', () => {
  expect(quickRequestOf(VerifyRequest).make({ code: '012345' })).toStrictEqual(
    plainToInstance(VerifyRequest, { code: '012345' }),
  );
  expect(quickRequestOf(VerifyRequest).make({ code: ['012345'] })).toBeUndefined();
  for (const type of [ListRequest, RegisterRequest, Hidden]) expect(quickRequestOf(type).make({})).toBeUndefined();
});

@Exclude()
class Hidden {
  @IsString() text!: string;
}

it('says yes to an object that keeps every rule of its class', () => {
  const object = plainToInstance(VerifyRequest, { challengeToken: 'lg6_k1_x', code: '012345', method: 'sms' });
  expect(quickRequestOf(VerifyRequest).isRight(object)).toBe(true);
});

class Inner {
  @IsString() text!: string;
}
class Nested {
  @ValidateNested() inner!: Inner;
}
class Later {
  @ValidateBy({ name: 'later', validator: { validate: () => Promise.resolve(true) } }) @IsOptional() field?: string;
}

it('says yes to nothing of a class with rules of another kind or none, nor for an answer that is still to come', () => {
  expect(quickRequestOf(Nested).isRight(plainToInstance(Nested, { inner: { text: 'x' } }))).toBe(false);
  expect(quickRequestOf(class {}).isRight({})).toBe(false);
  expect(quickRequestOf(Later).isRight(plainToInstance(Later, { field: 'x' }))).toBe(false);
});
