// /openapi.json and a page that shows it, from the files of swagger-ui-dist. Everything the page loads is ours.
// Registered only when wanted: otherwise these paths do not exist.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { buildOpenApiDocument } from './openapi';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Latchkey API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', validatorUrl: null });\n`;

const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export function serveDocs(app: INestApplication, server: FastifyInstance): void {
  let document: OpenAPIObject | undefined;
  server.get('/openapi.json', (_request, reply) => {
    document ??= buildOpenApiDocument(app);
    return reply.send(document);
  });
  const asset = (path: string, type: string, content: () => string | Promise<Buffer>) =>
    server.get(path, async (_request, reply) =>
      reply
        .header('content-security-policy', POLICY)
        .type(type)
        .send(await content()),
    );
  asset('/docs', 'text/html; charset=utf-8', () => PAGE);
  asset('/docs/start.js', 'text/javascript; charset=utf-8', () => START);
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of Object.entries(files)) {
    asset(`/docs/${name}`, type, () => readFile(join(folder, name)));
  }
}
