// Routes with the figures of messages: what became of them, what they cost, which were refused, how vendors fare, and what is left of budgets.
import { Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { SpendBudgets } from '../../limits/spend-budgets.service';
import { SendRefusals } from '../../otp/send-refusals.service';
import { DeliveryLog } from '../../sms/deliveries/delivery-log.service';
import { DeliveryStats } from '../../sms/deliveries/delivery-stats.service';
import type { Period } from '../../sms/deliveries/delivery-stats.types';
import { DeliveryReport } from '../../sms/report/delivery-report.service';
import { VendorOverviews } from '../../sms/vendor-overview.service';
import { PAGE_DEFAULT } from '../admin-list.request';
import { AdminController } from '../admin-route.decorator';
import { instantOf } from '../query-instant';
import { SmsBudgetResponse } from './admin-sms-budget.response';
import { SmsDeliveriesRequest, SmsPeriodRequest } from './admin-sms.request';
import {
  SmsDeliveryListResponse,
  SmsDeliveryResponse,
  SmsProviderListResponse,
  SmsProviderResponse,
} from './admin-sms.response';
import { SmsCountrySeriesResponse, SmsRefusalsResponse, SmsSeriesResponse } from './admin-sms-series.response';
import { SmsStatsResponse } from './admin-sms-stats.response';

@AdminController('sms')
export class AdminSmsController {
  constructor(
    private readonly deliveryStats: DeliveryStats,
    private readonly log: DeliveryLog,
    private readonly vendors: VendorOverviews,
    private readonly reports: DeliveryReport,
    private readonly budgets: SpendBudgets,
    private readonly sendRefusals: SendRefusals,
  ) {}

  /** What became of messages in a period, by vendor and by country. */
  @Get('stats')
  @ApiOkResponse({ type: SmsStatsResponse })
  async stats(@Query() period: SmsPeriodRequest): Promise<SmsStatsResponse> {
    return SmsStatsResponse.from(await this.deliveryStats.summary(this.periodOf(period)));
  }

  /** The figures of each vendor in at most 200 steps of time. */
  @Get('stats/series')
  @ApiOkResponse({ type: SmsSeriesResponse })
  async series(@Query() period: SmsPeriodRequest): Promise<SmsSeriesResponse> {
    return SmsSeriesResponse.from(await this.deliveryStats.overTime(this.periodOf(period)));
  }

  /** The figures of each country in the same steps. */
  @Get('stats/series/countries')
  @ApiOkResponse({ type: SmsCountrySeriesResponse })
  async countries(@Query() period: SmsPeriodRequest): Promise<SmsCountrySeriesResponse> {
    return SmsCountrySeriesResponse.from(await this.deliveryStats.countriesOverTime(this.periodOf(period)));
  }

  /** How many messages limits and budgets refused, by country, in the same steps. Those of the last seconds may be missing. */
  @Get('refusals')
  @ApiOkResponse({ type: SmsRefusalsResponse })
  async refusals(@Query() period: SmsPeriodRequest): Promise<SmsRefusalsResponse> {
    return SmsRefusalsResponse.from(await this.sendRefusals.overTime(this.periodOf(period)));
  }

  /** The figures as a page for people, with plots, in one HTML file that loads nothing else. */
  @Get('stats/report')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="sms-report.html"')
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  report(@Query() period: SmsPeriodRequest): Promise<string> {
    return this.reports.html(this.periodOf(period));
  }

  /** Single hand-overs, newest first. */
  @Get('deliveries')
  @ApiOkResponse({ type: SmsDeliveryListResponse })
  async deliveries(@Query() query: SmsDeliveriesRequest): Promise<SmsDeliveryListResponse> {
    const { cursor = '', limit = PAGE_DEFAULT, provider, country, status, reference: referenceId } = query;
    const { entries, nextCursor } = await this.log.page({ provider, country, status, referenceId }, cursor, limit);
    return { items: entries.map((entry) => SmsDeliveryResponse.from(entry)), nextCursor };
  }

  /** The vendors in the order of SMS_PROVIDERS, with the breakers of the instance that answers. The list is whole and has no nextCursor. */
  @Get('providers')
  @ApiOkResponse({ type: SmsProviderListResponse })
  async providers(): Promise<SmsProviderListResponse> {
    const all = await this.vendors.all();
    return { items: all.map((overview) => SmsProviderResponse.from(overview)) };
  }

  /** What is left of every budget of messages and money, and which countries and prefixes take no strangers now. */
  @Get('budget')
  @ApiOkResponse({ type: SmsBudgetResponse })
  async budget(): Promise<SmsBudgetResponse> {
    return SmsBudgetResponse.from(await this.budgets.windows(), await this.budgets.unverified());
  }

  private periodOf({ from, to }: SmsPeriodRequest): Period {
    return this.deliveryStats.period(instantOf(from), instantOf(to));
  }
}
