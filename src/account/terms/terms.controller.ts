// The routes by which an app asks which terms its user has accepted, and records that the user accepts the current ones.
import { Body, Controller, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { TermsRequest } from './terms.request';
import { TermsResponse } from './terms.response';
import { TermsService } from './terms.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/terms')
export class TermsController {
  constructor(private readonly terms: TermsService) {}

  /** The current version of the terms, and the one that the person has accepted. */
  @Get()
  @ApiOkResponse({ type: TermsResponse })
  async read(@CurrentActor() actor: Actor): Promise<TermsResponse> {
    return TermsResponse.from(await this.terms.read(actor));
  }

  /** Records that the person accepts the current terms. */
  @Put()
  @HttpCode(204)
  @ApiNoContentResponse()
  accept(@CurrentActor() actor: Actor, @Body() { termsVersion }: TermsRequest): Promise<void> {
    return this.terms.accept(actor, termsVersion);
  }
}
