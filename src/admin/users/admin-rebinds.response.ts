// What operators see of a rebind. The new number is masked.
import { ApiProperty } from '@nestjs/swagger';
import type { BegunPhoneRebind, PhoneRebind } from '../../auth/phone-rebind/phone-rebinds.types';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { maskPhone } from '../../platform/phone/phone-number';

const states = [
  ...['needs_approval', 'needs_code', 'waiting', 'moved'],
  ...['stopped', 'taken', 'cancelled', 'expired'],
];

export class AdminRebindResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  userId!: string;

  @ApiProperty({ example: '+1******0123' })
  phone!: string;

  @ApiProperty({
    enum: states,
    description: 'stopped: somebody signed in to the account; taken: somebody else has the number',
  })
  state!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ example: 'client:helpdesk' })
  requestedBy!: string;

  @ApiProperty({ format: 'date-time' })
  requestedAt!: string;

  @ApiProperty({ nullable: true, type: String })
  approvedBy!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When sessions ended and the old number was told',
  })
  startedAt!: string | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  movesAt!: string | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;

  static from({ phone, requestedAt, startedAt, movesAt, endedAt, ...rebind }: PhoneRebind): AdminRebindResponse {
    const { id, userId, state, reason, requestedBy, approvedBy } = rebind;
    return {
      ...{ id, userId, phone: maskPhone(phone), state, reason, requestedBy, approvedBy },
      requestedAt: requestedAt.toISOString(),
      startedAt: startedAt?.toISOString() ?? null,
      movesAt: movesAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    };
  }
}

export class AdminBegunRebindResponse extends AdminRebindResponse {
  @ApiProperty({
    nullable: true,
    type: ChallengeResponse,
    description: "For the person's app; null when no code was sent just now",
  })
  challenge!: ChallengeResponse | null;

  static of({ rebind, challenge }: BegunPhoneRebind): AdminBegunRebindResponse {
    return { ...AdminRebindResponse.from(rebind), challenge };
  }
}
