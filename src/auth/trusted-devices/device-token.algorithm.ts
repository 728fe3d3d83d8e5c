// Tokens of trusted devices: rotating tokens whose row is a device (rotating-token.algorithm.ts).
import { Injectable } from '@nestjs/common';
import { RotatingTokens } from '../rotating-token.algorithm';

@Injectable()
export class DeviceTokens extends RotatingTokens {
  protected override readonly kind = 'td';
  protected override readonly tagInfo = 'latchkey/trusted-device-tag/v1';
}
