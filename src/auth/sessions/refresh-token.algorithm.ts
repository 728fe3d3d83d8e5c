// Refresh tokens: the row is a session (rotating-token.algorithm.ts).
import { Injectable } from '@nestjs/common';
import { RotatingTokens } from '../rotating-token.algorithm';

export interface RefreshTokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly digest: Buffer;
}

@Injectable()
export class RefreshTokens extends RotatingTokens {
  protected override readonly kind = 'rf';
  protected override readonly tagInfo = 'latchkey/refresh-tag/v1';

  /** As `read`, the row called what it is. */
  parse(token: string): RefreshTokenParts | undefined {
    const parts = this.read(token);
    return parts && { sessionId: parts.id, generation: parts.generation, digest: parts.digest };
  }
}
