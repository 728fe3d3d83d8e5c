// Which of our errors a thrown thing is. An AppError says it itself. Of an error of the framework only the status is believed, and only where
// the client is at fault. Everything else is `internal`.
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

/** The status of an error made by Nest or Fastify; a driver's or vendor's error that has one is not theirs. */
function frameworkStatus(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (isAbortedUpload(thrown)) return 400;
  return isFastifyError(thrown) ? thrown.statusCode : undefined;
}

// Fastify marks the socket's error so when a client goes away while its body is read.
function isAbortedUpload(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNRESET' && 'statusCode' in thrown;
}

// The code only: messages of parsers may quote what they read.
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
