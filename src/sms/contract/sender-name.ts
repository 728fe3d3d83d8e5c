// What people answer to, where that is known: opt-outs are kept per number and sender (ADR 32).
const NUMBER = /^\+?\d{3,15}$/;

/**
 * @param from as configured: a number, a short code, or a name
 * @returns undefined for a name: nobody can write to it, so a STOP comes to another number of the account and must count for all of them
 */
export function answerableSender(from: string | undefined): string | undefined {
  return from !== undefined && NUMBER.test(from) ? from : undefined;
}
