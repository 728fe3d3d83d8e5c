// Nest on Fastify with one route and nothing else: what a start costs whoever chooses these two.
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');

class Health {
  live() {
    return { status: 'ok' };
  }
}
Get('health/live')(Health.prototype, 'live', Object.getOwnPropertyDescriptor(Health.prototype, 'live'));
Controller()(Health);
class Bare {}
Module({ controllers: [Health] })(Bare);

async function main() {
  const app = await NestFactory.create(Bare, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', api: `http://127.0.0.1:${app.getHttpServer().address().port}` })}\n`,
  );
}

process.once('SIGTERM', () => process.exit(0));
void main();
