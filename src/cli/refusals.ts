import { AppError } from '../platform/errors/app-error';
import { OperatorError } from '../platform/process/operator-error';

/** Options of commands that are not called as the field of the admin API is. */
const options: Readonly<Record<string, string>> = {
  clientId: '--client-id',
  accessTokenTtlSeconds: '--token-ttl',
  allowedOrigins: '--origin',
  redirectUris: '--redirect-uri',
  scopes: '--scope',
};

/**
 * Turns refusals of our services into one line that names what to change.
 * @param subject what the command was told to work on, if anything
 */
export async function tried<T>(subject: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.definition.status >= 500) throw error;
    const named = (pointer: string) => options[pointer.slice(1)] ?? pointer.slice(1);
    const fields = (error.context.errors ?? []).map(({ pointer, code }) => `${named(pointer)} is ${code}`);
    if (error.code === 'not_found' && typeof subject === 'string') fields.push(subject);
    throw new OperatorError([error.code, ...fields].join(': '));
  }
}
