// Stands in for a widget on a page: POST /captcha/turnstile/tokens, or /captcha/hcaptcha/tokens, gives the token that a person would get.
import type { FastifyInstance } from 'fastify';
import { sendProblem } from '../problem';
import { type CaptchaTokens, captchaVendors } from './captcha-tokens';

export function mountCaptcha(app: FastifyInstance, tokens: CaptchaTokens): void {
  app.post<{ Params: { vendor: string } }>('/captcha/:vendor/tokens', (request, reply) => {
    const vendor = captchaVendors.find((known) => known === request.params.vendor);
    if (vendor === undefined) {
      return sendProblem(reply, 404, 'not_found', `There are widgets of: ${captchaVendors.join(', ')}.`);
    }
    return reply.code(201).send({ token: tokens.issue(vendor) });
  });
}
