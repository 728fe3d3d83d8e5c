import { Module } from '@nestjs/common';
import { Spending } from './spending.service';
import { SpendBudgets } from './spend-budgets.service';

@Module({ providers: [Spending, SpendBudgets], exports: [Spending, SpendBudgets] })
export class LimitsModule {}
