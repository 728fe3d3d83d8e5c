import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/request/public.decorator';
import { PhoneRebindCodes } from './phone-rebind-codes.service';
import { PhoneRebindRequest } from './phone-rebind.request';
import { PhoneRebindResponse } from './phone-rebind.response';

@ApiTags('auth')
@Controller('v1/auth/phone-rebind')
export class PhoneRebindController {
  constructor(private readonly codes: PhoneRebindCodes) {}

  /** After a lost phone: the code from the new number, with the challenge token that the operator has passed on. Signs nobody in. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ type: PhoneRebindResponse })
  async prove(@Body() { challengeToken, code }: PhoneRebindRequest): Promise<PhoneRebindResponse> {
    return { movesAt: (await this.codes.prove(challengeToken, code)).toISOString() };
  }
}
