import { Module } from '@nestjs/common';
import { PriceList } from './price-list.service';
import { Spending } from './spending.service';
import { SpendBudgets } from './spend-budgets.service';

@Module({ providers: [Spending, SpendBudgets, PriceList], exports: [Spending, SpendBudgets, PriceList] })
export class LimitsModule {}
