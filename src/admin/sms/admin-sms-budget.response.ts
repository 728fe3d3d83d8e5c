// The answer of GET /v1/admin/sms/budget: what is left of each budget, and how many codes were not entered.
import { ApiProperty } from '@nestjs/swagger';
import type { BudgetLeft, UnverifiedLeft } from '../../limits/spending.types';

class SmsBudgetWindowResponse {
  @ApiProperty({ example: 'register', description: 'register, login, reset, money:<share>, country:<ISO code>' })
  scope!: string;

  @ApiProperty({ type: 'integer', example: 3600, description: 'Length of the window' })
  seconds!: number;

  @ApiProperty({ description: 'Messages; for money:<share> in the currency of SMS_PRICES' })
  cap!: number;

  @ApiProperty()
  spent!: number;

  @ApiProperty()
  left!: number;

  @ApiProperty({ format: 'date-time', description: 'When the window ends' })
  resetsAt!: string;
}

class SmsUnverifiedResponse {
  @ApiProperty({ example: 'country:GB', description: 'country:<ISO code>, prefix:<digits>' })
  scope!: string;

  @ApiProperty({ type: 'integer', description: 'Messages within the shortest window whose code was not entered' })
  unverified!: number;

  @ApiProperty({ type: 'integer', description: 'How many there may be; codes that were entered raise it' })
  cap!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: open to strangers' })
  closedUntil!: string | null;
}

export class SmsBudgetResponse {
  @ApiProperty({ type: [SmsBudgetWindowResponse] })
  windows!: SmsBudgetWindowResponse[];

  @ApiProperty({ type: [SmsUnverifiedResponse] })
  unverified!: SmsUnverifiedResponse[];

  static from(windows: readonly BudgetLeft[], unverified: readonly UnverifiedLeft[]): SmsBudgetResponse {
    return {
      windows: windows.map(({ scope, seconds, cap, spent, left, resetsAt }) => ({
        ...{ scope, seconds, cap, spent, left },
        resetsAt: resetsAt.toISOString(),
      })),
      unverified: unverified.map(({ scope, unverified: sends, cap, closedUntil }) => ({
        ...{ scope, unverified: sends, cap },
        closedUntil: closedUntil?.toISOString() ?? null,
      })),
    };
  }
}
