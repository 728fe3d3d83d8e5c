// The shapes of requests about invitations. src/auth/invites checks the bounds, for the command line as well.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsString, MaxLength } from 'class-validator';
import { WhenNamed } from '../../platform/request/when-named.decorator';

export class CreateInviteRequest {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    default: 1,
    description: 'How many accounts may be made with it',
  })
  @WhenNamed()
  @IsInt()
  uses?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 365,
    default: 7,
    description: 'For how long it is valid',
  })
  @WhenNamed()
  @IsInt()
  days?: number;

  @ApiPropertyOptional({ example: '+12025550123', description: 'Only this number may register with it' })
  @WhenNamed()
  @IsString()
  @MaxLength(32)
  phone?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'A note that only operators see' })
  @WhenNamed()
  @IsString()
  @MaxLength(200)
  note?: string;
}
