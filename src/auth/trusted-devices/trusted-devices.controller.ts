import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { TrustedDeviceListResponse } from './trusted-devices.response';
import { TrustedDevices } from './trusted-devices.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/trusted-devices')
export class TrustedDevicesController {
  constructor(private readonly devices: TrustedDevices) {}

  /** The devices that the person has trusted, which sign in with the password alone. */
  @Get()
  @ApiOkResponse({ type: TrustedDeviceListResponse })
  async list(@CurrentActor() actor: Actor): Promise<TrustedDeviceListResponse> {
    const rows = await this.devices.list(actor);
    const items = rows.map(({ id, deviceName, userAgent, address, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      deviceName,
      userAgent,
      address,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    return { items, nextCursor: null };
  }

  /** Trusts a device no longer. From now on it needs a code like any other. Its sessions go on; DELETE /v1/auth/sessions/{id} ends one. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  end(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.devices.end(id, actor);
  }
}
