// Routes for client apps, by their client id. ClientsManagement has the rules, the audit rows and the transactions, and the command line uses it
// too. This controller only adds who asks.
import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { ClientsManagement, type ClientWithSecret } from '../../auth/clients/clients-management.service';
import type { ApiClient } from '../../auth/clients/clients.types';
import { CurrentClient } from '../../auth/clients/current-client.decorator';
import { EmptyRequest } from '../../platform/request/empty.request';
import { nameOf } from '../admin-caller';
import { AdminListRequest, PAGE_DEFAULT } from '../admin-list.request';
import { AdminController } from '../admin-route.decorator';
import { CreateClientRequest, UpdateClientRequest } from './admin-clients.request';
import { AdminClientListResponse, AdminClientResponse, AdminClientSecretResponse } from './admin-clients.response';

@AdminController('clients')
export class AdminClientsController {
  constructor(private readonly clients: ClientsManagement) {}

  /** All client apps, in the order of their ids. */
  @Get()
  @ApiOkResponse({ type: AdminClientListResponse })
  async list(@Query() { cursor = '', limit = PAGE_DEFAULT }: AdminListRequest): Promise<AdminClientListResponse> {
    const found = await this.clients.list(cursor, limit + 1);
    const items = found.slice(0, limit).map((record) => AdminClientResponse.from(record));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.clientId ?? null) : null };
  }

  /** Registers a client app. Its secret is told this once. */
  @Post()
  @ApiCreatedResponse({ type: AdminClientSecretResponse })
  async create(
    @CurrentClient() caller: ApiClient,
    @Body() body: CreateClientRequest,
  ): Promise<AdminClientSecretResponse> {
    return withSecret(await this.clients.create(named(body), nameOf(caller)));
  }

  /** One client app. */
  @Get(':clientId')
  @ApiOkResponse({ type: AdminClientResponse })
  async show(@Param('clientId') clientId: string): Promise<AdminClientResponse> {
    return AdminClientResponse.from(await this.clients.show(clientId));
  }

  /** Changes only the fields that are sent. */
  @Patch(':clientId')
  @ApiOkResponse({ type: AdminClientResponse })
  async update(
    @CurrentClient() caller: ApiClient,
    @Param('clientId') clientId: string,
    @Body() body: UpdateClientRequest,
  ): Promise<AdminClientResponse> {
    return AdminClientResponse.from(await this.clients.update(clientId, named(body), nameOf(caller)));
  }

  /** Gives the client app a new secret. The old one is refused from now on. */
  @Post(':clientId/rotate-secret')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminClientSecretResponse })
  async rotateSecret(
    @CurrentClient() caller: ApiClient,
    @Param('clientId') clientId: string,
    @Body() _body: EmptyRequest,
  ): Promise<AdminClientSecretResponse> {
    return withSecret(await this.clients.rotateSecret(clientId, nameOf(caller)));
  }

  /** Stops a client app. Until it is enabled again, its key is refused, nobody logs in through it, and its sessions cannot be used. */
  @Post(':clientId/disable')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminClientResponse })
  async disable(
    @CurrentClient() caller: ApiClient,
    @Param('clientId') clientId: string,
    @Body() _body: EmptyRequest,
  ): Promise<AdminClientResponse> {
    return AdminClientResponse.from(await this.clients.disable(clientId, nameOf(caller)));
  }

  /** Undoes disable; sessions that have not expired go on. */
  @Post(':clientId/enable')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminClientResponse })
  async enable(
    @CurrentClient() caller: ApiClient,
    @Param('clientId') clientId: string,
    @Body() _body: EmptyRequest,
  ): Promise<AdminClientResponse> {
    return AdminClientResponse.from(await this.clients.enable(clientId, nameOf(caller)));
  }

  /** Deletes the client app for good: its sessions never come back, and its client id cannot be given again. */
  @Delete(':clientId')
  @HttpCode(204)
  @ApiNoContentResponse()
  delete(@CurrentClient() caller: ApiClient, @Param('clientId') clientId: string): Promise<void> {
    return this.clients.delete(clientId, nameOf(caller));
  }
}

function withSecret({ client, secret }: ClientWithSecret): AdminClientSecretResponse {
  return { ...AdminClientResponse.from(client), secret: secret.reveal() };
}

/** Leaves out fields that were not sent. An instance of a request class has them all, with undefined. */
function named<T extends object>(body: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const sent = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as { [K in keyof T]: Exclude<T[K], undefined> };
}
