// What the description of the API says of refusals. src/platform/errors makes them; docs/errors.md lists their codes.
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
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

  @ApiPropertyOptional({
    type: [String],
    description: 'One of these is needed as well: with it the next refusal says what is still missing, if anything',
  })
  methods?: string[];

  @ApiPropertyOptional({ type: [ProblemFieldError] })
  errors?: ProblemFieldError[];

  @ApiPropertyOptional({ allOf: [{ $ref: '#/components/schemas/GateToPass' }] })
  gate?: object;

  @ApiPropertyOptional({ example: 'invalid_client', description: 'On the routes of OAuth' })
  error?: string;
}
