// Turns whatever was thrown into one of our errors. An AppError stays what it is. Of an error of Nest or Fastify only a 4xx status is used.
// Everything else becomes `internal`.
import { HttpException } from '@nestjs/common';
import { AppError } from './app-error';
import type { ErrorDefinition } from './define-errors';
import { platformErrors } from './platform.errors';

const byStatus: Readonly<Record<number, ErrorDefinition>> = {
  400: platformErrors.validation_failed,
  404: platformErrors.not_found,
  405: platformErrors.method_not_allowed,
  413: platformErrors.payload_too_large,
  414: platformErrors.payload_too_large,
  415: platformErrors.unsupported_media_type,
  429: platformErrors.rate_limited,
  503: platformErrors.not_ready,
};

export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const definition = byStatus[frameworkStatus(thrown) ?? 0];
  if (definition === undefined) return new AppError(platformErrors.internal, { cause: thrown });
  const context = definition.status === 503 ? { retryAfterSeconds: 1 } : {};
  return new AppError(definition, { ...context, reason: frameworkReason(thrown) });
}

/** The status of an error that Nest or Fastify made. Errors of drivers or vendors may have a status too, which is not used. */
function frameworkStatus(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (isAbortedUpload(thrown)) return 400;
  return isFastifyError(thrown) ? thrown.statusCode : undefined;
}

// Fastify marks the socket's error in this way when a client goes away while its body is being read.
function isAbortedUpload(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNRESET' && 'statusCode' in thrown;
}

// Only the code of the error, because messages of parsers may quote what they have read.
function frameworkReason(thrown: unknown): string {
  return isFastifyError(thrown) ? thrown.code : (thrown as Error).name;
}

function isFastifyError(thrown: unknown): thrown is Error & { code: string; statusCode: number } {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    thrown.code.startsWith('FST_') &&
    'statusCode' in thrown &&
    typeof thrown.statusCode === 'number'
  );
}
