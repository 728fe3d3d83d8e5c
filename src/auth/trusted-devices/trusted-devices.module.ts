import { Module } from '@nestjs/common';
import { DeviceTokens } from './device-token.algorithm';
import { TrustedDevicesController } from './trusted-devices.controller';
import { TrustedDevices } from './trusted-devices.service';

@Module({
  controllers: [TrustedDevicesController],
  providers: [DeviceTokens, TrustedDevices],
  exports: [DeviceTokens, TrustedDevices],
})
export class TrustedDevicesModule {}
