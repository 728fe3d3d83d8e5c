// The whole application: one module that knows the issuer, and the controller it protects.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LatchkeyModule } from '@latchkey/verifier/nest';
import { OrdersController } from './orders.controller.js';

const { LATCHKEY_URL = 'http://127.0.0.1:3000', PORT = '4001' } = process.env;
const { AUDIENCE = LATCHKEY_URL } = process.env;

@Module({
  imports: [LatchkeyModule.forRoot({ issuer: LATCHKEY_URL, audience: AUDIENCE })],
  controllers: [OrdersController],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error', 'warn'] });
  await app.listen(Number(PORT), '127.0.0.1');
  console.log(await app.getUrl());
}

void main();
