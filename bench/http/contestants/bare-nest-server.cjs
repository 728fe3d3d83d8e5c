// Nest on Fastify with one route and nothing else: what a start costs whoever chooses these two.
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { announce } = require('./announce.cjs');

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
  announce(app.getHttpServer());
}

void main();
