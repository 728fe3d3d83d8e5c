// Codes that belong to no module: those of the HTTP server and of the process (security.md 5.7).
import { defineErrors } from './define-errors';

export const platformErrors = defineErrors({
  validation_failed: {
    status: 400,
    title: 'The request is not valid',
    detail: 'Check the fields named in errors.',
    log: 'info',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing here under this address.', log: 'info' },
  method_not_allowed: { status: 405, title: 'Method not allowed', detail: 'See the Allow header.', log: 'info' },
  conflict: { status: 409, title: 'Conflict', detail: 'The value is in use.', log: 'info' },
  payload_too_large: { status: 413, title: 'The request is too large', detail: 'Send less.', log: 'info' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send application/json, or a form where the route asks for one.',
    log: 'info',
  },
  rate_limited: { status: 429, title: 'Too many requests', detail: 'Wait for the time in Retry-After.', log: 'info' },
  overloaded: { status: 503, title: 'Busy', detail: 'Try again after the time in Retry-After.', log: 'warn' },
  not_ready: { status: 503, title: 'Not ready', detail: 'Try again after the time in Retry-After.', log: 'warn' },
  internal: { status: 500, title: 'Internal error', detail: 'The request failed; quote requestId.', log: 'error' },
});
