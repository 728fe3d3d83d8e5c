import { AppError } from '../platform/errors/app-error';
import { OperatorError } from '../platform/process/operator-error';

/**
 * Turns refusals of our services into one line that names what to change.
 * @param subject what the command was told to work on, if anything
 */
export async function tried<T>(subject: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.definition.status >= 500) throw error;
    const fields = (error.context.errors ?? []).map(({ pointer, code }) => `${pointer.slice(1)} is ${code}`);
    if (error.code === 'not_found' && typeof subject === 'string') fields.push(subject);
    throw new OperatorError([error.code, ...fields].join(': '));
  }
}
