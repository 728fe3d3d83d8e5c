// Writes docs/openapi.json from the controllers, after a build; nothing is connected to. A diff in review is a change of the contract.
require('reflect-metadata');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { withDocstrings } = require('./docstrings.cjs');

/** @param document what buildOpenApiDocument returns, or what /openapi.json serves */
function render(document) {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The values are of no consequence: preview mode makes the modules known and creates nothing. */
const variables = {
  NODE_ENV: 'development',
  DATABASE_URL: 'postgres://127.0.0.1/none',
  SECRET_KEYS: 'k1:bm9uZSBvZiB0aGlzIGlzIGV2ZXIgdXNlZCBmb3IgYW55dGhpbmc=',
  SMS_PROVIDERS: 'telnyx',
  TELNYX_API_KEY: 'none',
  TELNYX_PHONE_NUMBER: '+12025550100',
};

/** @param source folder of our modules as compiled */
async function describe(source) {
  const { AppModule } = require(join(source, 'app.module.js'));
  const { unobserved } = require(join(source, 'observation.module.js'));
  const { loadAppConfig } = require(join(source, 'app.config.js'));
  const { buildOpenApiDocument } = require(join(source, 'http', 'openapi.js'));
  const options = { preview: true, logger: false, abortOnError: false };
  const module = AppModule.forRoot(loadAppConfig(variables), unobserved());
  const app = await NestFactory.create(module, new FastifyAdapter(), options);
  return withDocstrings(buildOpenApiDocument(app));
}

module.exports = { describe, render };

if (require.main === module) {
  const { dumpClientTypes } = require('./dump-client-types.cjs');
  const file = join(__dirname, '..', 'docs', 'openapi.json');
  describe(join(__dirname, '..', 'dist', 'src')).then((document) => {
    writeFileSync(file, render(document));
    return dumpClientTypes();
  });
}
