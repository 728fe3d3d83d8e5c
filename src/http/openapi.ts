// The description of the API, made from the controllers: OpenAPI 3.1, served in development and on request. In the programs the build puts
// a file that it has made of this in its place, dist/openapi.json, and leaves out Swagger (ADR 90).
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { withWhatAllShare } from './openapi-operations';
import { tellRules } from './openapi-rules';
import { ProblemResponse } from './problem.response';

const ABOUT = `Accounts with a password and a proved phone; standard JWTs for client apps.

A fresh sign-in or step-up is at most ten minutes old. Without one, a route that needs it refuses with 403 step_up_required:
POST /v1/auth/step-up sends a code, for which POST /v1/auth/otp/verify gives a fresh access token.`;

/** @param app need not be initialised; nothing is listened on */
export function buildOpenApiDocument(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Latchkey')
    .setDescription(ABOUT)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'ak_…', description: 'Secret of a client app' },
      'apiKey',
    )
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'Client id and secret of a client app' }, 'client')
    .addServer('/')
    .addTag('admin', 'For operators, on ADMIN_PORT only')
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    extraModels: [ProblemResponse],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  tellRules((document.components?.schemas ?? {}) as Record<string, Record<string, unknown>>);
  return withNullTypes(withWhatAllShare(document)) as OpenAPIObject;
}

/** 3.1 is JSON Schema, which knows no `nullable`: null is one of the types. The decorators still speak 3.0. */
export function withNullTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullTypes);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = node as Record<string, unknown>;
  const schema = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withNullTypes(value)]));
  // A property that happens to be called nullable is a schema, not a flag.
  if (typeof nullable !== 'boolean')
    return nullable === undefined ? schema : { ...schema, nullable: withNullTypes(nullable) };
  return nullable ? orNull(schema) : schema;
}

function orNull({ description, ...schema }: Record<string, unknown>): unknown {
  const told = description === undefined ? {} : { description };
  const { type, allOf, enum: values } = schema;
  // Beside a reference, `type` would still leave null out, as what is referred to is an object.
  if (allOf !== undefined) return { ...told, anyOf: [{ allOf }, { type: 'null' }] };
  if (typeof type !== 'string') return { ...told, anyOf: [schema, { type: 'null' }] };
  const orNothing = Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {};
  return { ...told, ...schema, ...orNothing, type: [type, 'null'] };
}
