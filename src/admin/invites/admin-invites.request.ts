// The shapes of requests about invitations. src/auth/invites checks the bounds, for the command line as well.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, MaxLength } from 'class-validator';
import { WhenNamed } from '../../platform/request/when-named.decorator';

export class CreateInviteRequest {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 10_000, default: 1, description: 'Accounts it makes' })
  @WhenNamed()
  @IsInt()
  uses?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 365, default: 7 })
  @WhenNamed()
  @IsInt()
  days?: number;

  @ApiPropertyOptional({ example: '+12025550123', description: 'Only this number may register with it' })
  @WhenNamed()
  @IsString()
  @MaxLength(32)
  phone?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'For operators' })
  @WhenNamed()
  @IsString()
  @MaxLength(200)
  note?: string;
}
