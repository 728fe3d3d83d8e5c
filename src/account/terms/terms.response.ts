import { ApiProperty } from '@nestjs/swagger';
import type { AcceptedTerms } from './terms.types';

/** Which terms the server asks for, and which the person has accepted. */
export class TermsResponse {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The version that the server asks for; null: it has no terms',
  })
  currentVersion!: string | null;

  @ApiProperty({ type: String, nullable: true })
  acceptedVersion!: string | null;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  acceptedAt!: string | null;

  static from({ current, accepted, acceptedAt }: AcceptedTerms): TermsResponse {
    return { currentVersion: current, acceptedVersion: accepted, acceptedAt: acceptedAt?.toISOString() ?? null };
  }
}
