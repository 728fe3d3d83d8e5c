// Jest's asymmetric matchers without their type `any`.
export const aString: unknown = expect.any(String);
export const aNumber: unknown = expect.any(Number);

export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
