// Refresh tokens: rotating tokens whose row is a session (rotating-token.algorithm.ts).
import { Injectable } from '@nestjs/common';
import { RotatingTokens } from '../rotating-token.algorithm';

@Injectable()
export class RefreshTokens extends RotatingTokens {
  protected override readonly kind = 'rf';
  protected override readonly tagInfo = 'latchkey/refresh-tag/v1';
}
