// What the description of the API says of refusals. src/platform/errors makes them; docs/errors.md lists their codes.
import { ApiProperty, ApiPropertyOptional, type OpenAPIObject } from '@nestjs/swagger';
import type { Problem } from '../platform/errors/problem';

class ProblemFieldError {
  @ApiProperty({ example: '/phone', description: 'RFC 6901 pointer into the request' })
  pointer!: string;

  @ApiProperty({ example: 'required' })
  code!: string;
}

/** Switch on `code`. On the routes of OAuth, `error` is there as well (RFC 6749 section 5.2). */
export class ProblemResponse implements Problem {
  @ApiProperty({ example: 'urn:latchkey:problem:code_invalid' })
  type!: string;

  @ApiProperty({ example: 'The code is not right' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 401 })
  status!: number;

  @ApiProperty({ example: 'See attemptsLeft.' })
  detail!: string;

  @ApiProperty({ example: 'code_invalid', description: 'Never changes its meaning; new ones may be added' })
  code!: string;

  @ApiProperty({ description: 'To quote to the operator; also the header X-Request-Id' })
  requestId!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'In seconds; also the header Retry-After' })
  retryAfter?: number;

  @ApiPropertyOptional({ type: 'integer' })
  attemptsLeft?: number;

  @ApiPropertyOptional({ type: [String], description: 'Second factors of which one is needed as well' })
  methods?: string[];

  @ApiPropertyOptional({ type: [ProblemFieldError] })
  errors?: ProblemFieldError[];

  @ApiPropertyOptional({ allOf: [{ $ref: '#/components/schemas/GateToPass' }] })
  gate?: object;

  @ApiPropertyOptional({ example: 'invalid_client', description: 'On the routes of OAuth' })
  error?: string;
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Says of each operation that all its other answers are problems. */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/problem+json': { schema: { $ref: `#/components/schemas/${ProblemResponse.name}` } } };
  const problem = { description: 'Refused (RFC 9457); docs/errors.md lists the codes', content };
  for (const path of Object.values(document.paths)) {
    for (const method of methods) {
      const operation = path[method];
      if (operation !== undefined) operation.responses['default'] = { $ref: '#/components/responses/Problem' };
    }
  }
  return { ...document, components: { ...document.components, responses: { Problem: problem } } };
}
