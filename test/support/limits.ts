// Limits that a test does not want to run into.

/** As environment: `off` for each. @param names such as LIMIT_UNAUTHENTICATED */
export function limitsOff(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'off']));
}
