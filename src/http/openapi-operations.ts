// What holds of every operation, or of all of a kind, and is therefore not written at each: what a refusal looks like, that what names no key
// is public, where operators' routes are, which answers set cookies, and whether a body may be left out.
import type { OpenAPIObject } from '@nestjs/swagger';
import { ProblemResponse } from './problem.response';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
const schema = { $ref: `#/components/schemas/${ProblemResponse.name}` };
const description = 'Refused (RFC 9457); docs/errors.md lists the codes';
const headers = {
  'Retry-After': { description: 'With 429 and 503, in seconds', schema: { type: 'integer' } },
  'X-Request-Id': { description: 'To quote to the operator', schema: { type: 'string' } },
};
const TOKENS = '#/components/schemas/TokensResponse"';
const COOKIES = {
  description: 'With tokenDelivery cookie: __Host-rt, and __Host-td for a device that is trusted',
  schema: { type: 'string' },
};
const ADMIN_SERVER = { url: 'http://127.0.0.1:9465', description: 'ADMIN_PORT' };
const problem = { 'application/problem+json': { schema } };

/** OAuth's clients may ask for plain JSON (ADR 24). */
const responses = {
  Problem: { description, headers, content: problem },
  OauthProblem: { description, headers, content: { ...problem, 'application/json': { schema } } },
};

/** @param document its operations are changed */
export function withWhatAllShare(document: OpenAPIObject): OpenAPIObject {
  const { components = {}, paths } = document;
  for (const operation of Object.values(paths).flatMap((path) => methods.map((method) => path[method]))) {
    if (operation === undefined) continue;
    const refusal = operation.tags?.includes('oauth') === true ? 'OauthProblem' : 'Problem';
    operation.responses['default'] = { $ref: `#/components/responses/${refusal}` };
    operation.security ??= [];
    if (operation.tags?.includes('admin') === true) operation.servers = [ADMIN_SERVER];
    letOut(operation, components.schemas ?? {});
    tellCookies(operation);
  }
  return { ...document, components: { ...components, responses } };
}

function tellCookies({ responses }: Operation): void {
  for (const response of Object.values(responses)) {
    if (JSON.stringify(response).includes(TOKENS))
      Object.assign(response ?? {}, { headers: { 'Set-Cookie': COOKIES } });
  }
}

/** No body is taken for {}. */
function letOut({ requestBody }: Operation, schemas: Schemas): void {
  if (requestBody === undefined || '$ref' in requestBody) return;
  const body = requestBody.content['application/json']?.schema;
  const described = body !== undefined && '$ref' in body ? schemas[body.$ref.split('/').pop() ?? ''] : body;
  if (described === undefined || '$ref' in described) return;
  requestBody.required = (described.required ?? []).length > 0;
}
